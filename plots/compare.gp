# Differences of AMI to one encoder, with simultaneous intervals: one panel per rank, one line per encoder. Hollow: the
# interval holds 0.
#   gnuplot -e "data='fig.dat'" plots/compare.gp
# Blocks: 1 lines, 2 panels, 3 ... differences at each rank, then the legend (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('compare.gp')]
load here . 'common.gp'

array name[items]; array colour[items]; array marker[items]
stats data index 1 using (name[int($0)+1] = text(strcol(1)), colour[int($0)+1] = int($2), marker[int($0)+1] = int($3), 0) nooutput
array rank[panels]; array x0[panels]; array x1[panels]; array y0[panels]; array y1[panels]; array leftmost[panels]
stats data index 2 using (rank[int($0)+1] = text(strcol(1)), x0[int($0)+1] = $2, x1[int($0)+1] = $3, y0[int($0)+1] = $4, y1[int($0)+1] = $5, leftmost[int($0)+1] = int($6), 0) nooutput
load here . 'legend.gp'

set xrange [low:high]
set yrange [items + 0.6:0.4]
set xtics x_step format '%+g' offset 0, 0.3
set xtics add ('0' 0)
set ytics 1 format '' scale 0
set border 1
if (!dumb) { set grid noxtics ytics lc rgb pale lw 0.5*scale lt 1 }
set arrow 1 from first 0, graph 0 to first 0, graph 1 nohead lc rgb grey lw 0.75*scale back
set label 98 note at screen cw, screen top - 0.6*ch left textcolor rgb ink
set label 97 x_title at screen cw, screen top - 1.5*ch left textcolor rgb ink

set multiplot
do for [p=1:panels] {
  set lmargin at screen x0[p]
  set rmargin at screen x1[p]
  set bmargin at screen y0[p]
  set tmargin at screen y1[p]
  set label 99 rank[p] at graph 0.5, graph 1 center textcolor rgb ink offset 0, 0.7
  do for [i=1:items] {
    if (leftmost[p]) { set label 100+i name[i] at screen x0[p] - (dumb ? cw : 0.7*em), first i right textcolor rgb ink } else { unset label 100+i }
  }
  plot data index p+2 using 3:1:($4 - $3):(0):(colour[int($1)]) with vectors nohead lc rgb variable lw 1.1*scale, \
       data index p+2 using 2:1:(weight(marker[int($1)])):(marker[int($1)]):(colour[int($1)]) with points pt variable ps variable lc rgb variable, \
       data index p+2 using ($5 == 1 ? NaN : $2):1:(0.6*weight(marker[int($1)])):(marker[int($1)]) with points pt variable ps variable lc rgb paper
  eval forget_legend
  unset label 97
  unset label 98
  unset label 9001
  unset label 9002
}
unset multiplot
set output
