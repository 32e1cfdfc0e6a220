# What a rule that finds the number of clusters (--cut) measured at numbers of clusters K (log axis); dot: K found; line:
# true K.
#   gnuplot -e "data='fig.dat'" plots/cuts.gp
# Blocks: 1 panels, 2 marks, 3 ... curves, then the legend (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('cuts.gp')]
load here . 'common.gp'

array panel_title[panels]; array x0[panels]; array x1[panels]; array y0[panels]; array y1[panels]
stats data index 1 using (panel_title[int($0)+1] = text(strcol(1)), x0[int($0)+1] = $2, x1[int($0)+1] = $3, y0[int($0)+1] = $4, y1[int($0)+1] = $5, 0) nooutput
array found[panels]; array value[panels]; array truth[panels]; array measure[panels]; array colour[panels]
stats data index 2 using (found[int($0)+1] = $1, value[int($0)+1] = $2, truth[int($0)+1] = $3, measure[int($0)+1] = text(strcol(4)), colour[int($0)+1] = int($5), 0) nooutput
load here . 'legend.gp'

set logscale x
set multiplot
do for [p=1:panels] {
  set lmargin at screen x0[p]
  set rmargin at screen x1[p]
  set bmargin at screen y0[p]
  set tmargin at screen y1[p]
  set xrange [*:*] # stats counts what is within the ranges alone
  set yrange [*:*]
  stats data index 2 + p using 1:2 nooutput
  least = truth[p] > 0 && truth[p] < STATS_min_x ? truth[p] : STATS_min_x
  most = truth[p] > STATS_max_x ? truth[p] : STATS_max_x
  if (!(most > least)) { most = least + 1 }
  spread = STATS_max_y > STATS_min_y ? STATS_max_y - STATS_min_y : 1
  set xrange [0.9*least:1.1*most]
  set yrange [STATS_min_y - 0.05*spread:STATS_max_y + 0.08*spread]
  decades = ceil(log10(1.1 * most / (0.9 * least)) / ((x1[p] - x0[p]) / (4.5 * cw)))
  set xtics () nomirror out scale 0.5 textcolor rgb ink
  do for [e=0:12] {
    if (10.**e >= 0.9*least && 10.**e <= 1.1*most && e % int(decades) == 0) { set xtics add (gprintf('%.0s%c', 10.**e) 10.**e) }
  }
  set ytics nice(spread / 3) format '%g' nomirror out scale 0.5 textcolor rgb ink
  set label 97 measure[p] at screen x0[p] - 4.4*em, screen (y0[p] + y1[p])/2 center rotate by 90 textcolor rgb ink
  set label 96 'clusters K' at screen (x0[p] + x1[p])/2, screen y0[p] - 2.3*ch center textcolor rgb ink
  set label 99 panel_title[p] at graph 0.5, graph 1 center textcolor rgb ink offset 0, 0.8
  unset arrow 98
  if (truth[p] > 0) { set arrow 98 from first truth[p], graph 0 to first truth[p], graph 1 nohead lc rgb grey lw 1.2*scale }
  plot data index 2 + p using 1:2 with lines lc rgb colour[p] lw 1.5*scale, \
       data index 2 using (int($0) + 1 == p ? $1 : NaN):2 with points pt 7 ps 1.3*weight(7) lc rgb colour[p]
  eval forget_legend
  unset label 9001
  unset label 9002
}
unset multiplot
set output
