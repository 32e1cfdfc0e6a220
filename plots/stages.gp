# Seconds by stage, and peak memory, of each kind of run.
#   gnuplot -e "data='fig.dat'" plots/stages.gp
# Blocks: 1 runs, 2 stages, 3 bars (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('stages.gp')]
load here . 'common.gp'

array name[items]; array gb[items]
most_gb = 0.
stats data index 1 using (name[int($0)+1] = text(strcol(1)), gb[int($0)+1] = $2, most_gb = $2 > most_gb ? $2 : most_gb, 0) nooutput
array colour[stages]
stats data index 2 using (colour[int($0)+1] = int($2), 0) nooutput
load here . 'legend.gp'

space = 1 - left - 2*cw - legend_right
time_right = left + 0.68 * space
bottom = 2.9*ch + legend_below
ceiling = top - 0.4*ch

unset grid
set border 1
set yrange [items + 0.6:0.4]
unset ytics
set bmargin at screen bottom
set tmargin at screen ceiling
set multiplot
set lmargin at screen left
set rmargin at screen time_right
set xrange [0:high*1.03]
set xtics x_step
do for [i=1:items] { set label i name[i] at screen left - (dumb ? cw : 0.7*em), first i right textcolor rgb ink }
set label 9003 'seconds' at graph 0.5, screen bottom - 2.3*ch center textcolor rgb ink
plot data index 3 using 2:1:2:3:($1-0.36):($1+0.36):(colour[int($4)]) with boxxyerror fc rgb variable fs solid 1 noborder
unset label
set lmargin at screen time_right + 2.5*cw
set rmargin at screen 1 - legend_right - 2*cw
if (most_gb == 0) { most_gb = 1. }
set xrange [0:most_gb * 1.25]
set xtics 0, most_gb, most_gb format (most_gb < 10 ? '%.2g' : '%.0f')
set label 9003 x_title at graph 0.5, screen bottom - 2.3*ch center textcolor rgb ink
plot data index 1 using ($2/2):($0+1):(0):2:($0+1-0.36):($0+1+0.36) with boxxyerror fc rgb grey fs solid 1 noborder
unset multiplot
set output
