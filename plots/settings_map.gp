# AMI (%) at one rank by two settings of the runs: one panel per encoder, mean over seeds.
#   gnuplot -e "data='fig.dat'" plots/settings_map.gp
# Blocks: 1 panels, 2 columns, 3 rows, 4 ... the cells of each panel (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('settings_map.gp')]
load here . 'common.gp'

array panel_title[panels]; array x0[panels]; array x1[panels]; array y0[panels]; array y1[panels]; array leftmost[panels]
stats data index 1 using (panel_title[int($0)+1] = text(strcol(1)), x0[int($0)+1] = $2, x1[int($0)+1] = $3, y0[int($0)+1] = $4, y1[int($0)+1] = $5, leftmost[int($0)+1] = int($6), 0) nooutput
array column_name[columns]; array row_name[rows]
stats data index 2 using (column_name[int($0)+1] = text(strcol(1)), 0) nooutput
stats data index 3 using (row_name[int($0)+1] = text(strcol(1)), 0) nooutput

unset grid
unset border
unset tics
set xrange [0.5:columns + 0.5]
set yrange [0.5:rows + 0.5]
# cividis, as in heatmap.gp
set palette defined (0 '#00204c', 1 '#213d6b', 2 '#555b6c', 3 '#7b7a77', 4 '#a59c74', 5 '#d3c064', 6 '#ffe945')
set cbrange [low:high]
bar_low = y0[panels]
bar_high = y1[1]
set colorbox user origin screen 1 - right + 1.1*em, screen bar_low size screen 1.2*cw, screen bar_high - bar_low noborder
set cbtics x_step scale 0.3 textcolor rgb ink offset -0.7, 0
set label 96 'AMI ('.percent.'), '.rank_title at screen 1 - 0.4*em, screen top - 0.6*ch right textcolor rgb ink
if (simulated) { set label 9001 'simulated data' at screen cw, screen top - 0.6*ch left textcolor rgb grey }

set multiplot
do for [p=1:panels] {
  set lmargin at screen x0[p]
  set rmargin at screen x1[p]
  set bmargin at screen y0[p]
  set tmargin at screen y1[p]
  set label 99 panel_title[p] at graph 0.5, graph 1 center textcolor rgb ink offset 0, 0.7
  set label 98 x_title at graph 0.5, graph 0 center textcolor rgb ink offset 0, -2
  if (leftmost[p]) { set label 97 y_title at screen 1.1*cw, graph 0.5 center rotate by 90 textcolor rgb ink } else { unset label 97 }
  do for [i=1:columns] { set label 1000+i column_name[i] at first i, graph 0 center textcolor rgb ink offset 0, -0.8 font font.','.sprintf('%g', column_font) }
  do for [i=1:rows] { if (leftmost[p]) { set label 2000+i row_name[i] at screen x0[p] - (dumb ? cw : 0.5*em), first i right textcolor rgb ink } else { unset label 2000+i } }
  boxes = "data index p+3 using 1:2:($1 - 0.49):($1 + 0.49):($2 - 0.48):($2 + 0.48):3 with boxxyerror fc palette fs solid 1 noborder"
  values = ", data index p+3 using 1:2:(text(strcol(4))):5 with labels font font.','.sprintf('%g', cell_font) textcolor rgb variable"
  eval 'plot '.boxes.(cell_font > 0 ? values : '')
  unset colorbox
  unset label 96
  unset label 9001
  unset label 9002
}
unset multiplot
set output
