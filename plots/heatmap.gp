# The cross-modal table as a picture: AMI (%) of each pair of encoders, and of each encoder alone.
#   gnuplot -e "data='fig.dat'" plots/heatmap.gp
# Blocks: 1 rows, 2 columns, 3 groups of rows, 4 cells (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('heatmap.gp')]
load here . 'common.gp'

array row_y[rows+1]; array row_name[rows+1]
stats data index 1 using (row_y[int($0)+1] = $1, row_name[int($0)+1] = text(strcol(2)), 0) nooutput
array column_x[columns+1]; array column_name[columns+1]
stats data index 2 using (column_x[int($0)+1] = $1, column_name[int($0)+1] = text(strcol(2)), 0) nooutput
stats data index 3 using 1 nooutput
groups = int(STATS_records)
array group_first[groups+1]; array group_last[groups+1]; array group_name[groups+1]
stats data index 3 using (group_first[int($0)+1] = $1, group_last[int($0)+1] = $2, group_name[int($0)+1] = text(strcol(3)), 0) nooutput

unset grid
unset border
unset tics
set lmargin at screen left
set rmargin at screen 1 - right
set tmargin at screen top - 0.3*ch
set bmargin at screen bottom
set xrange [-0.5:columns + 0.75]
set yrange [y_high:-0.5]

place(j) = j > 0 ? j + 0.25 : 0
# cividis (Nunez, Anderton, Renslow 2018): looks the same with and without red and green cones; lightness is even
set palette defined (0 '#00204c', 1 '#213d6b', 2 '#555b6c', 3 '#7b7a77', 4 '#a59c74', 5 '#d3c064', 6 '#ffe945')
set cbrange [low:high]
floor_y = bottom
bar_top = top - 2.6*ch
set colorbox user origin screen 1 - right + 0.8*em, screen floor_y size screen 1.2*cw, screen bar_top - floor_y noborder
set cbtics nice((high - low) / (rows > 8 ? 5 : rows > 4 ? 3 : 2)) scale 0.3 textcolor rgb ink offset -0.7, 0
set label 1 'AMI ('.percent.')' at screen 1 - 0.4*em, screen bar_top + 0.8*ch right textcolor rgb ink
set label 2 note at screen 1 - 0.4*em, screen bar_top + 1.8*ch right textcolor rgb ink

do for [i=1:rows+1] { set label 100+i row_name[i] at first -0.65, first row_y[i] right textcolor rgb ink }
do for [j=1:columns+1] {
  if (dumb) {
    set label 1000+j column_name[j] at first column_x[j], graph 0 center offset 0, -1
  } else {
    set label 1000+j column_name[j] at first column_x[j] + (column_angle < 90 ? 0.12 : 0), graph 0 right rotate by column_angle font font.','.sprintf('%g', column_font) textcolor rgb ink offset 0, (column_angle < 90 ? -0.6 : -0.4)
  }
}
do for [g=1:groups] {
  middle = (group_first[g] + group_last[g]) / 2
  if (!dumb && group_name[g] ne '') { set label 2000+g group_name[g] at screen 1.1*cw, first middle center rotate by 90 textcolor rgb grey }
}

half = 0.49
# values are printed where cells have space for them
boxes = "data index 4 using (place($1)):2:(place($1) - half):(place($1) + half):($2 - half):($2 + half):3 with boxxyerror fc palette fs solid 1 noborder"
values = ", data index 4 using (place($1)):2:(text(strcol(4))):5 with labels font font.','.sprintf('%g', cell_font) textcolor rgb variable"
eval 'plot '.boxes.(cell_font > 0 ? values : '')
set output
