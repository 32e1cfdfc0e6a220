# The top of a dendrogram, with the composition of its branches.
#   gnuplot -e "data='fig.dat'" plots/dendrogram.gp
# Blocks: 1 leaves, 2 lines of the tree, 3 bars, 4 the legend (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('dendrogram.gp')]
load here . 'common.gp'

array n[leaves]; array name[leaves]; array share[leaves]
stats data index 1 using (n[int($0)+1] = int($2), name[int($0)+1] = text(strcol(3)), share[int($0)+1] = $4, 0) nooutput
load here . 'legend.gp'

text_width = left # of numbers and names at the leaves
bar_width = 0.16
bars = 1 - text_width - legend_right - bar_width
tree_right = bars - 0.8*cw
bottom = 2.9*ch + legend_below
ceiling = top - 2.7*ch

unset grid
set border 1
set yrange [leaves - 0.4:-0.6]
unset ytics
set bmargin at screen bottom
set tmargin at screen ceiling
set multiplot
set lmargin at screen 3 * cw
set rmargin at screen tree_right
set xrange [high*1.02:0]
set xtics x_step format '%g'
set label 1 x_title at graph 0.5, screen bottom - 2.3*ch center textcolor rgb ink
set label 3 note at screen cw, screen ceiling + 1.8*ch left textcolor rgb ink
plot data index 2 using 1:2:($3-$1):($4-$2) with vectors nohead lc rgb ink lw 0.9*scale
unset label
unset arrow
unset xtics
unset border
set lmargin at screen bars
set rmargin at screen bars + bar_width
set xrange [0:1]
set label 1 rank_title at screen bars, screen ceiling + 0.7*ch left textcolor rgb ink
do for [i=1:leaves] {
  set label 100+i sprintf('%d', n[i]) at screen bars + bar_width + 3.4*em, first i-1 right textcolor rgb grey
  set label 1000+i name[i] at screen bars + bar_width + 3.9*em, first i-1 left textcolor rgb ink
  set label 3000+i sprintf('%.0f', share[i]).percent at screen 1 - legend_right - 0.4*em, first i-1 right textcolor rgb grey
}
plot data index 3 using 2:1:2:3:($1-0.38):($1+0.38):4 with boxxyerror fc rgb variable fs solid 1 noborder
unset multiplot
set output
