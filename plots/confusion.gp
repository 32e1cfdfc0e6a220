# What a retrieval takes for what: the share (%) of the queries of a taxon (row) that are taken for another (column).
#   gnuplot -e "data='fig.dat'" plots/confusion.gp
# Blocks: 1 taxa, 2 cells (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('confusion.gp')]
load here . 'common.gp'

array name[taxa+1]
stats data index 1 using (name[int($0)+1] = text(strcol(1)), 0) nooutput

unset grid
unset tics
set border 15 lc rgb grey lw 0.5*scale
set lmargin at screen left
set rmargin at screen right
set tmargin at screen top - 1.5*ch
set bmargin at screen bottom
set xrange [0.5:taxa + 0.5]
set yrange [taxa + 0.5:0.5]

# cividis, as in heatmap.gp
set palette defined (0 '#00204c', 1 '#213d6b', 2 '#555b6c', 3 '#7b7a77', 4 '#a59c74', 5 '#d3c064', 6 '#ffe945')
set cbrange [0:100]
set colorbox user origin screen right + 0.6*em, screen bottom size screen 1.2*cw, screen top - 1.5*ch - bottom noborder
set cbtics 25 scale 0.3 textcolor rgb ink offset -0.7, 0
set label 1 note at screen cw, screen top - 0.6*ch left textcolor rgb ink
set label 2 'taken for' at graph 0.5, screen 0.7*ch center textcolor rgb ink
if (!dumb) { set label 3 'queries (% per row)' at screen 1.0*cw, graph 0.5 center rotate by 90 textcolor rgb ink }

do for [i=1:taxa] {
  set label 100+i name[i] at first 0.4, first i right textcolor rgb ink
  if (dumb) {
    set label 1000+i sprintf('%d', i) at first i, graph 0 center offset 0, -1
  } else {
    set label 1000+i name[i] at first i, graph 0 right rotate by 90 textcolor rgb ink offset 0, -0.4
  }
}

half = 0.49
boxes = "data index 2 using 1:2:($1 - half):($1 + half):($2 - half):($2 + half):3 with boxxyerror fc palette fs solid 1 noborder"
right_ones = ", data index 2 using ($6 == 1 ? $1 : NaN):2:($1 - half):($1 + half):($2 - half):($2 + half) with boxxyerror lc rgb ink lw 1.2*scale fs empty border"
values = ", data index 2 using 1:2:(text(strcol(4))):5 with labels font font.','.sprintf('%g', cell_font) textcolor rgb variable"
eval 'plot '.boxes.(dumb ? '' : right_ones).(cell_font > 0 ? values : '')
set output
