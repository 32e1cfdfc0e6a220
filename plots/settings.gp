# AMI (%) at one rank against a setting of the runs, mean and standard deviation over seeds.
#   gnuplot -e "data='fig.dat'" plots/settings.gp
# Blocks: 1 ticks, 2 curves, 3 ... the points of each curve, then the legend (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('settings.gp')]
load here . 'common.gp'

array colour[curves]; array marker[curves]; array dash[curves]
stats data index 2 using (colour[int($0)+1] = int($2), marker[int($0)+1] = int($3), dash[int($0)+1] = int($4), 0) nooutput
stats data index 1 using 1 nooutput
ticks = int(STATS_records)
array place[ticks]; array name[ticks]
stats data index 1 using (place[int($0)+1] = $1, name[int($0)+1] = text(strcol(2)), 0) nooutput
load here . 'legend.gp'

set lmargin at screen left
set rmargin at screen 1 - cw - legend_right
set tmargin at screen top - 1.2*ch
set bmargin at screen 2.9*ch + legend_below
set xrange [x_low:x_high]
set yrange [low:high]
set ytics x_step
set xtics () scale 0.5 nomirror out
do for [t=1:ticks] { set xtics add ('' place[t]) }
do for [t=1:ticks] { set label 100+t name[t] at first place[t], graph 0 center textcolor rgb ink offset 0, (dumb ? -1 : -0.9) }
set label 97 'AMI ('.percent.')' at screen 1.1*cw, graph 0.5 center rotate by 90 textcolor rgb ink
set label 98 rank_title at graph 0.5, graph 1 center textcolor rgb ink offset 0, 0.7
set label 99 x_title at graph 0.5, graph 0 center textcolor rgb ink offset 0, (dumb ? -2 : -2)
lines = items # 0: the values are words, which lines would connect without a reason
plot for [c=1:curves] data index c+2 using 1:($4 > 1 ? $2 - $3 : NaN):(0):(2*$3) with vectors nohead lc rgb colour[c] lw 0.75*scale dt 1, \
     for [c=1:curves] data index c+2 using 1:(lines ? $2 : NaN) with lines lc rgb colour[c] lw 1.25*scale dt dash[c], \
     for [c=1:curves] data index c+2 using 1:2 with points lc rgb (hollow(marker[c]) ? paper : colour[c]) pt (hollow(marker[c]) ? filled(marker[c]) : marker[c]) ps weight(marker[c]), \
     for [c=1:curves] data index c+2 using 1:(hollow(marker[c]) ? $2 : NaN) with points lc rgb colour[c] pt marker[c] ps weight(marker[c])
set output
