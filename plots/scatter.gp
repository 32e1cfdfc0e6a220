# Rows in two dimensions, coloured by taxon; the most frequent are named, the others grey.
#   gnuplot -e "data='fig.dat'" plots/scatter.gp
# Blocks: 1 taxa (the others first), 2 ... points of each, then the legend (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('scatter.gp')]
load here . 'common.gp'

array colour[taxa+1]; array marker[taxa+1]
stats data index 1 using (colour[int($0)+1] = int($3), marker[int($0)+1] = int($4), 0) nooutput
load here . 'legend.gp'

set lmargin at screen 2.2 * cw
set rmargin at screen 1 - cw - legend_right
set bmargin at screen 1.8*ch + legend_below
set tmargin at screen top - 1.6*ch
unset grid
unset tics
set border 15 lw 0.5*scale lc rgb grey
set offsets graph 0.03, graph 0.03, graph 0.03, graph 0.03
set label 1 x_title at graph 0.5, graph 0 center textcolor rgb ink offset 0, -0.8
set label 2 y_title at screen 0.9*cw, graph 0.5 center rotate by 90 textcolor rgb ink
set label 3 note at graph 0.5, graph 1 center textcolor rgb ink offset 0, 0.8
size = rows > 20000 ? 0.24 : rows > 5000 ? 0.4 : rows > 1000 ? 0.6 : 0.8
plot for [t=1:taxa+1] data index t+1 using 1:2 with points pt marker[t] ps size*weight(marker[t]) lc rgb colour[t]
set output
