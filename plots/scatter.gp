# Rows in two dimensions, coloured by taxon; the most frequent are named, the others grey.
#   gnuplot -e "data='fig.dat'" plots/scatter.gp
# Blocks: 1 taxa (the others first), 2 ... points of each (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('scatter.gp')]
load here . 'common.gp'

array name[taxa+1]; array number[taxa+1]; array colour[taxa+1]; array marker[taxa+1]
stats data index 1 using (name[int($0)+1] = text(strcol(1)), number[int($0)+1] = int($2), colour[int($0)+1] = int($3), marker[int($0)+1] = int($4), 0) nooutput

right_legend = width > 4.6 && !dumb
legend_width = (longest_label + 2) * cw
rows_of_legend = ceil((taxa + 1) / 2.)
legend_height = right_legend ? 0 : (rows_of_legend + 0.8) * ch
left = 2.2 * cw
bottom = 1.8*ch + legend_height
set lmargin at screen left
set rmargin at screen 1 - cw - (right_legend ? legend_width + 2*cw : 0)
set bmargin at screen bottom
set tmargin at screen top - 1.6*ch
unset grid
unset tics
set border 15 lw 0.5 lc rgb grey
set offsets graph 0.03, graph 0.03, graph 0.03, graph 0.03
set label 1 x_title at graph 0.5, graph 0 center textcolor rgb ink offset 0, -0.8
set label 2 y_title at screen 0.9*cw, graph 0.5 center rotate by 90 textcolor rgb ink
set label 3 note.(rank_title eq '' ? '' : ', by '.rank_title) at graph 0.5, graph 1 center textcolor rgb ink offset 0, 0.8

do for [t=1:taxa+1] {
  k = t == 1 ? taxa + 1 : t - 1
  second = k > rows_of_legend
  x = right_legend ? 1 - legend_width - cw : left + (second ? 0.5 * (1 - left) : 0)
  y = right_legend ? top - 1.6*ch - (k - 0.5)*ch : legend_height - (k - (second ? rows_of_legend : 0) - 0.3)*ch
  set label 100+t '' at screen x + 0.6*cw, screen y point pt marker[t] ps 0.55 lc rgb colour[t]
  set label 200+t name[t].sprintf(' (%d)', number[t]) at screen x + 1.8*cw, screen y left textcolor rgb ink
}
size = rows > 20000 ? 0.12 : rows > 5000 ? 0.2 : rows > 1000 ? 0.3 : 0.4
plot for [t=1:taxa+1] data index t+1 using 1:2 with points pt marker[t] ps size lc rgb colour[t]
set output
