# AMI against another measure in each panel, one point per encoder, with Spearman's rank correlation.
#   gnuplot -e "data='fig.dat'" plots/measures.gp
# Blocks: 1 panels, 2 ... points of each panel, then the legend (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('measures.gp')]
load here . 'common.gp'

array name[panels]; array x0[panels]; array x1[panels]; array y0[panels]; array y1[panels]; array leftmost[panels]
array axis[panels]; array from[panels]; array to[panels]; array step[panels]
stats data index 1 using (name[int($0)+1] = text(strcol(1)), x0[int($0)+1] = $2, x1[int($0)+1] = $3, y0[int($0)+1] = $4, y1[int($0)+1] = $5, leftmost[int($0)+1] = int($6), axis[int($0)+1] = text(strcol(7)), from[int($0)+1] = $8, to[int($0)+1] = $9, step[int($0)+1] = $10, 0) nooutput
load here . 'legend.gp'

set yrange [low:high]
if (!dumb) { set grid xtics ytics lc rgb pale lw 0.5*scale lt 1 }
set multiplot
do for [p=1:panels] {
  set lmargin at screen x0[p]
  set rmargin at screen x1[p]
  set bmargin at screen y0[p]
  set tmargin at screen y1[p]
  set xrange [from[p]:to[p]]
  set xtics step[p] offset 0, 0.3
  set ytics x_step format (leftmost[p] ? '%g' : '')
  unset label 97
  if (leftmost[p] && dumb) { set label 97 y_title at screen cw, graph 1 left offset 0, 1 }
  if (leftmost[p] && !dumb) { set label 97 y_title at screen 1.1*cw, graph 0.5 center rotate by 90 textcolor rgb ink }
  set label 98 name[p] at graph 0.5, graph 1 center textcolor rgb ink offset 0, 0.7
  set label 99 axis[p] at graph 0.5, graph 0 center textcolor rgb ink offset 0, -2
  plot data index p+1 using 2:3:(weight(int($5))):(hollow(int($5)) ? filled(int($5)) : int($5)):(hollow(int($5)) ? paper : int($4)) with points pt variable ps variable lc rgb variable, \
       data index p+1 using (hollow(int($5)) ? $2 : NaN):3:(weight(int($5))):(int($5)):(int($4)) with points pt variable ps variable lc rgb variable
  eval forget_legend
  unset label 9001
  unset label 9002
}
unset multiplot
set output
