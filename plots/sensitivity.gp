# AMI of encoders under several conditions: a line for each condition, the first of which is the base, a point for each encoder.
# Thin vertical lines: where the encoders stand in the base. At the right Kendall's tau of their order with the base's.
#   gnuplot -e "data='fig.dat'" plots/sensitivity.gp
# Blocks: 1 conditions, 2 panel, 3 encoders in the base, 4 points, then the legend (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('sensitivity.gp')]
load here . 'common.gp'

array name[items]; array tau[items]
stats data index 1 using (name[int($0)+1] = text(strcol(1)), tau[int($0)+1] = text(strcol(2)), 0) nooutput
x0 = 0.; x1 = 1.; y0 = 0.; y1 = 1.
stats data index 2 using (x0 = $1, x1 = $2, y0 = $3, y1 = $4, 0) nooutput
load here . 'legend.gp'

set lmargin at screen x0
set rmargin at screen x1
set bmargin at screen y0
set tmargin at screen y1
set xrange [low:high]
set yrange [items + 0.6:0.4]
set xtics x_step offset 0, 0.3
set ytics 1 format '' scale 0
set border 1
if (!dumb) { set grid noxtics ytics lc rgb pale lw 0.5*scale lt 1 }
set label 97 x_title at graph 0.5, graph 0 center textcolor rgb ink offset 0, -2
set label 98 note at screen x1 + (dumb ? cw : 0.7*em), graph 1 left textcolor rgb grey offset 0, 0.7
do for [i=1:items] {
  set label 100+2*i name[i] at screen x0 - (dumb ? cw : 0.7*em), first i right textcolor rgb ink
  if (i > 1) { set label 101+2*i tau[i] at screen x1 + (dumb ? cw : 0.7*em), first i left textcolor rgb grey }
}
plot data index 3 using 1:(0.5):(0):(items):2 with vectors nohead lc rgb variable lw 0.6*scale, \
     data index 4 using 2:1:(weight(int($4))):(hollow(int($4)) ? filled(int($4)) : int($4)):(hollow(int($4)) ? paper : int($3)) with points pt variable ps variable lc rgb variable, \
     data index 4 using (hollow(int($4)) ? $2 : NaN):1:(weight(int($4))):(int($4)):(int($3)) with points pt variable ps variable lc rgb variable
set output
