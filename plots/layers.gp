# Layers (--clusterer layers) against ranks: AMI (%) in colour, noise as one cluster; * the clustering of the run.
#   gnuplot -e "data='fig.dat'" plots/layers.gp
# Blocks: 1 layers, 2 ranks, 3 cells (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('layers.gp')]
load here . 'common.gp'

array layer_name[layers+1]
stats data index 1 using (layer_name[int($0)+1] = text(strcol(1)), 0) nooutput
array rank_name[ranks+1]
stats data index 2 using (rank_name[int($0)+1] = text(strcol(1)), 0) nooutput

unset grid
unset border
unset tics
set lmargin at screen left
set rmargin at screen 1 - right
set tmargin at screen top - 1.6*ch
set bmargin at screen bottom
set xrange [0.5:ranks + 0.5]
set yrange [layers + 0.5:0.5]

# cividis, as in heatmap.gp
set palette defined (0 '#00204c', 1 '#213d6b', 2 '#555b6c', 3 '#7b7a77', 4 '#a59c74', 5 '#d3c064', 6 '#ffe945')
set cbrange [low:high]
set colorbox user origin screen 1 - right + 0.8*em, screen bottom size screen 1.2*cw, screen top - 1.6*ch - bottom noborder
set cbtics nice((high - low) / (layers > 8 ? 5 : layers > 4 ? 3 : 2)) scale 0.3 textcolor rgb ink offset -0.7, 0
set label 1 note at screen cw, screen top - 0.6*ch left textcolor rgb ink
set label 2 'AMI ('.percent.')' at screen 1 - 0.4*em, screen top - 0.6*ch right textcolor rgb ink

do for [i=1:layers] { set label 100+i layer_name[i] at first 0.4, first i right textcolor rgb ink }
do for [j=1:ranks] {
  if (dumb) {
    set label 1000+j rank_name[j] at first j, graph 0 center offset 0, -1
  } else {
    if (rank_angle > 0) {
      set label 1000+j rank_name[j] at first j, graph 0 right rotate by 90 textcolor rgb ink offset 0, -0.4
    } else {
      set label 1000+j rank_name[j] at first j, graph 0 center textcolor rgb ink offset 0, -0.9
    }
  }
}

half = 0.49
boxes = "data index 3 using 1:2:($1 - half):($1 + half):($2 - half):($2 + half):3 with boxxyerror fc palette fs solid 1 noborder"
values = ", data index 3 using 1:2:(text(strcol(4))):5 with labels font font.','.sprintf('%g', cell_font) textcolor rgb variable"
eval 'plot '.boxes.(cell_font > 0 ? values : '')
set output
