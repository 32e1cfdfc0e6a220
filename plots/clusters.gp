# AMI (%) at every cut K of a dendrogram (log axis), one curve per rank; ring: true K, dot: best K.
#   gnuplot -e "data='fig.dat'" plots/clusters.gp
# Blocks: 1 panels, 2 ranks, 3 marks, 4 ... curves, then the legend (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('clusters.gp')]
load here . 'common.gp'

array panel_title[panels]; array x0[panels]; array x1[panels]; array y0[panels]; array y1[panels]; array leftmost[panels]
stats data index 1 using (panel_title[int($0)+1] = text(strcol(1)), x0[int($0)+1] = $2, x1[int($0)+1] = $3, y0[int($0)+1] = $4, y1[int($0)+1] = $5, leftmost[int($0)+1] = int($6), 0) nooutput
array colour[ranks]
stats data index 2 using (colour[int($0)+1] = int($2), 0) nooutput
load here . 'legend.gp'

set xrange [1:rows]
set logscale x
# powers of ten, or every second, third, ..., as many as have space
decades = ceil(log10(rows + 1.) / ((x1[1] - x0[1]) / (4.5 * cw)))
set xtics () nomirror out scale 0.5 textcolor rgb ink
do for [e=0:12] {
  if (10.**e <= rows && e % int(decades) == 0) { set xtics add (gprintf('%.0s%c', 10.**e) 10.**e) }
}
set yrange [0:100]
set ytics 20
set mytics 2
set multiplot
do for [p=1:panels] {
  set lmargin at screen x0[p]
  set rmargin at screen x1[p]
  set bmargin at screen y0[p]
  set tmargin at screen y1[p]
  if (leftmost[p]) {
    set label 97 'AMI ('.percent.')' at screen 1.1*cw, screen (y0[p] + y1[p])/2 center rotate by 90 textcolor rgb ink
    set ytics format '%g'
  } else {
    unset label 97
    set ytics format ''
  }
  set label 96 'clusters K' at screen (x0[p] + x1[p])/2, screen y0[p] - 2.3*ch center textcolor rgb ink
  set label 99 panel_title[p] at graph 0.5, graph 1 center textcolor rgb ink offset 0, 0.8
  plot for [r=1:ranks] data index 3 + (p-1)*ranks + r using 1:2 with lines lc rgb colour[r] lw 1.5*scale, \
       data index 3 using ($1 == p ? $5 : NaN):6:(colour[int($2)]) with points pt 7 ps weight(7) lc rgb variable, \
       data index 3 using ($1 == p ? $3 : NaN):4 with points pt 7 ps 1.15*weight(7) lc rgb paper, \
       data index 3 using ($1 == p ? $3 : NaN):4:(colour[int($2)]) with points pt 6 ps 1.15*weight(6) lw 1.2*scale lc rgb variable
  eval forget_legend
  unset label 9001
  unset label 9002
}
unset multiplot
set output
