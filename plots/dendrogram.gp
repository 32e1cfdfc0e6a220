# The top of a dendrogram, with the composition of its branches.
#   gnuplot -e "data='fig.dat'" plots/dendrogram.gp
# Blocks: 1 leaves, 2 lines of the tree, 3 bars, 4 taxa (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('dendrogram.gp')]
load here . 'common.gp'

array n[leaves]; array name[leaves]; array share[leaves]
stats data index 1 using (n[int($0)+1] = int($2), name[int($0)+1] = text(strcol(3)), share[int($0)+1] = $4, 0) nooutput
array taxon[taxa]; array colour[taxa]
stats data index 4 using (taxon[int($0)+1] = text(strcol(1)), colour[int($0)+1] = int($2), 0) nooutput

right_legend = width > 4.6 && !dumb
rows_of_legend = ceil(taxa / 2.)
legend_height = right_legend ? 0 : (rows_of_legend + 0.8) * ch
text_width = (longest_label + 13.5) * cw
legend_width = right_legend ? 22 * cw : 0
left = 3 * cw
bar_width = right_legend ? 0.16 : 0.15
tree_right = 1 - text_width - legend_width - bar_width - 1.5*cw
bottom = 2.9*ch + legend_height
ceiling = top - 1.6*ch

unset grid
set border 1
set yrange [leaves - 0.4:-0.6]
unset ytics
set bmargin at screen bottom
set tmargin at screen ceiling
set multiplot
set lmargin at screen left
set rmargin at screen tree_right
set xrange [high*1.02:0]
set xtics nice(high / (right_legend ? 3 : 1.5)) format '%g'
set label 1 x_title at graph 0.5, screen bottom - 2.3*ch center textcolor rgb ink
set label 3 note at screen left, screen ceiling + 0.7*ch left textcolor rgb ink
plot data index 2 using 1:2:($3-$1):($4-$2) with vectors nohead lc rgb ink lw 0.9
unset label
unset xtics
unset border
set lmargin at screen tree_right + 0.8*cw
set rmargin at screen tree_right + 0.8*cw + bar_width
set xrange [0:1]
set label 1 rank_title at screen tree_right + 0.8*cw, screen ceiling + 0.7*ch left textcolor rgb ink
do for [i=1:leaves] {
  set label 100+i sprintf('%d', n[i]) at screen tree_right + bar_width + 6.2*cw, first i-1 right textcolor rgb grey
  set label 1000+i short(name[i], 24) at screen tree_right + bar_width + 7*cw, first i-1 left textcolor rgb ink
  set label 3000+i sprintf('%.0f', share[i]).percent at screen 1 - legend_width - 0.5*cw, first i-1 right textcolor rgb grey
}
do for [t=1:taxa] {
  second = t > rows_of_legend
  x = right_legend ? 1 - legend_width + cw : left + (second ? 0.5 : 0)
  y = right_legend ? ceiling - (t - 0.5)*ch : legend_height - (t - (second ? rows_of_legend : 0) - 0.3)*ch
  set label 4000+t '' at screen x + 0.6*cw, screen y point pt 5 ps 0.8 lc rgb colour[t]
  set label 5000+t short(taxon[t], 24) at screen x + 2*cw, screen y left textcolor rgb ink
}
plot data index 3 using 2:1:2:3:($1-0.38):($1+0.38):4 with boxxyerror fc rgb variable fs solid 1 noborder
unset multiplot
set output
