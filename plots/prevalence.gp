# How many taxa have how many records, and how many barcodes; both axes are logarithmic.
#   gnuplot -e "data='fig.dat'" plots/prevalence.gp
# Blocks: 1 series, 2 panels, 3 ... the sizes of each panel, then the legend (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('prevalence.gp')]
load here . 'common.gp'

array colour[2]
stats data index 1 using (colour[int($0)+1] = int($1), 0) nooutput
array panel_title[panels]; array what[panels]; array x_end[panels]; array y_end[panels]
array x0[panels]; array x1[panels]; array y0[panels]; array y1[panels]; array leftmost[panels]
stats data index 2 using (panel_title[int($0)+1] = text(strcol(1)), what[int($0)+1] = text(strcol(2)), x_end[int($0)+1] = $3, y_end[int($0)+1] = $4, x0[int($0)+1] = $5, x1[int($0)+1] = $6, y0[int($0)+1] = $7, y1[int($0)+1] = $8, leftmost[int($0)+1] = int($9), 0) nooutput
load here . 'legend.gp'

set logscale xy
unset xtics
unset ytics
# Powers of ten, and 2 and 5 times those where the axis has less than two and space for them; LABELS: how many fit.
between(end, labels) = end < 100 && 3 * log10(end) < labels
every(end, labels) = ceil(log10(end) / labels)
set multiplot
do for [p=1:panels] {
  set lmargin at screen x0[p]
  set rmargin at screen x1[p]
  set bmargin at screen y0[p]
  set tmargin at screen y1[p]
  set xrange [0.8:x_end[p]]
  set yrange [0.8:y_end[p]]
  set xtics () scale 0.5 nomirror out textcolor rgb ink
  set ytics () scale 0.5 nomirror out textcolor rgb ink
  x_fit = (x1[p] - x0[p]) / (4 * cw)
  y_fit = (y1[p] - y0[p]) / (1.2 * ch)
  do for [e=0:10] {
    do for [m=1:3] {
      v = 10.**e * (m == 1 ? 1 : m == 2 ? 2 : 5)
      if (v <= x_end[p] && (m == 1 ? e % int(every(x_end[p], x_fit)) == 0 : between(x_end[p], x_fit))) { set xtics add (gprintf('%.0s%c', v) v) }
      if (v <= y_end[p] && (m == 1 ? e % int(every(y_end[p], y_fit)) == 0 : between(y_end[p], y_fit))) { set ytics add (gprintf('%.0s%c', v) v) }
    }
  }
  unset label 97
  if (leftmost[p]) { set label 97 y_title at screen 0.9*cw, screen (y0[p] + y1[p])/2 center rotate by 90 textcolor rgb ink }
  set label 98 what[p] at screen (x0[p] + x1[p])/2, screen y0[p] - (dumb ? 2.6 : 2.1)*ch center textcolor rgb ink
  set label 99 panel_title[p] at graph 0.5, graph 1 center textcolor rgb ink offset 0, 0.8
  plot data index p+2 using 1:3 with lines lc rgb colour[2] lw 1.25*scale, \
       data index p+2 using 1:2 with points pt 7 ps 0.6*weight(7) lc rgb colour[1]
  eval forget_legend
  unset label 9001
  unset label 9002
}
unset multiplot
set output
