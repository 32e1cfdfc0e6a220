# AMI (%) at every cut K of a dendrogram (log axis), one curve per rank; ring: true K, dot: best K.
#   gnuplot -e "data='fig.dat'" plots/clusters.gp
# Blocks: 1 panels, 2 ranks, 3 marks, 4 ... curves (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('clusters.gp')]
load here . 'common.gp'

array panel_title[panels]
stats data index 1 using (panel_title[int($0)+1] = text(strcol(1)), 0) nooutput
array rank[ranks]; array colour[ranks]
stats data index 2 using (rank[int($0)+1] = text(strcol(1)), colour[int($0)+1] = int($2), 0) nooutput

right_legend = width > 4.6 && !dumb
legend_width = 14 * cw
legend_height = right_legend ? 0 : (ceil((ranks + 2) / 2.) + 0.6) * ch
left = 6.2 * cw
gap = 2.5 * cw
bottom = 2.9*ch + legend_height
space = 1 - left - cw - (right_legend ? legend_width + cw : 0)
each = (space - (panels - 1) * gap) / panels
ceiling = top - (panel_title[1] ne '' ? 1.5*ch : 0.5*ch)

set xrange [1:rows]
set logscale x
set xtics format '%.0f'
set mxtics 10
set yrange [0:100]
set ytics 20
set mytics 2
set multiplot
do for [p=1:panels] {
  x0 = left + (p-1) * (each + gap)
  set lmargin at screen x0
  set rmargin at screen x0 + each
  set bmargin at screen bottom
  set tmargin at screen ceiling
  if (p == 1) {
    set label 97 'AMI ('.percent.')' at screen 1.1*cw, screen (bottom + ceiling)/2 center rotate by 90 textcolor rgb ink
    set ytics format '%g'
  } else {
    unset label 97
    unset label 9001
    unset label 9002
    set ytics format ''
  }
  set label 96 'clusters K' at screen x0 + each/2, screen bottom - 2.3*ch center textcolor rgb ink
  set label 99 panel_title[p] at graph 0.5, graph 1 center textcolor rgb ink offset 0, 0.8
  if (p == panels) {
    do for [r=1:ranks+2] {
      x = right_legend ? 1 - legend_width - 0.5*cw : left + (r > ceil((ranks + 2) / 2.) ? space / 2 : 0)
      y = right_legend ? ceiling - (r - (r > ranks ? -0.1 : 0.5))*ch : legend_height - (r - (r > ceil((ranks + 2) / 2.) ? ceil((ranks + 2) / 2.) : 0) - 0.4)*ch
      if (r <= ranks) {
        if (!dumb) { set arrow 1000+r from screen x, screen y to screen x + 3.2*cw, screen y nohead lc rgb colour[r] lw 1.5 }
        set label 2000+r rank[r] at screen x + 4.2*cw, screen y left textcolor rgb ink
      } else {
        set label 1000+r '' at screen x + 1.6*cw, screen y point pt (r == ranks + 1 ? 6 : 7) ps 0.6 lc rgb ink
        mark = r == ranks + 1 ? 'true K' : 'best K'
        set label 2000+r mark at screen x + 4.2*cw, screen y left textcolor rgb ink
      }
    }
  }
  plot for [r=1:ranks] data index 3 + (p-1)*ranks + r using 1:2 with lines lc rgb colour[r] lw 1.5, \
       data index 3 using ($1 == p ? $5 : NaN):6:(colour[int($2)]) with points pt 7 ps 0.6 lc rgb variable, \
       data index 3 using ($1 == p ? $3 : NaN):4 with points pt 7 ps 0.65 lc rgb 'white', \
       data index 3 using ($1 == p ? $3 : NaN):4:(colour[int($2)]) with points pt 6 ps 0.6 lw 1.2 lc rgb variable
}
unset multiplot
set output
