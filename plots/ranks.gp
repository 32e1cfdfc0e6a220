# AMI (%), or accuracy of retrieval, against rank: one curve per encoder, panels by modality or split.
#   gnuplot -e "data='fig.dat'" plots/ranks.gp
# Blocks: 1 panels, 2 ranks, 3 curves, 4 ... the points of each curve, then the legend, then what scores are held against
# (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('ranks.gp')]
load here . 'common.gp'

array panel_title[panels]; array first[panels]; array last[panels]; array x0[panels]; array x1[panels]; array y0[panels]; array y1[panels]; array leftmost[panels]
stats data index 1 using (panel_title[int($0)+1] = text(strcol(1)), first[int($0)+1] = int($2), last[int($0)+1] = int($3), x0[int($0)+1] = $4, x1[int($0)+1] = $5, y0[int($0)+1] = $6, y1[int($0)+1] = $7, leftmost[int($0)+1] = int($8), 0) nooutput
array rank[ranks]
stats data index 2 using (rank[int($0)+1] = text(strcol(1)), 0) nooutput
array colour[curves]; array marker[curves]; array dash[curves]; array thin[curves]
stats data index 3 using (colour[int($0)+1] = int($2), marker[int($0)+1] = int($3), dash[int($0)+1] = int($4), thin[int($0)+1] = int($5), 0) nooutput
load here . 'legend.gp'

set xrange [0.6:ranks + 0.4]
set yrange [low:high]
if (y_step <= 0) y_step = high - low > 60 ? 20 : 10
set ytics y_step
set mytics 2
set xtics 1 format ''
steep = rank_angle > 45
do for [r=1:ranks] {
  if (dumb) {
    set label 100+r rank[r] at first r, graph 0 center offset 0, -1
  } else {
    set label 100+r rank[r] at first r, graph 0 right rotate by rank_angle textcolor rgb ink offset 0, (steep ? -0.5 : -0.7)
  }
}

set multiplot
do for [p=1:panels] {
  set lmargin at screen x0[p]
  set rmargin at screen x1[p]
  set bmargin at screen y0[p]
  set tmargin at screen y1[p]
  if (leftmost[p]) {
    set label 97 (y_title eq '' ? 'AMI' : y_title).' ('.percent.')' at screen 1.1*cw, screen (y0[p] + y1[p])/2 center rotate by 90 textcolor rgb ink
    set ytics format '%g'
  } else {
    unset label 97
    set ytics format ''
  }
  set label 99 panel_title[p] at graph 0.5, graph 1 center textcolor rgb ink offset 0, 0.8
  # grey, under the curves: the band of random clusters, and a line at each rank for perfect clusters
  plot for [b=reference_block:reference_block] data index b using ($1 == p && b > 0 ? $2 : NaN):(0):(0.3):4 with boxxyerror fs solid noborder lc rgb '#c8c8c8', \
       for [b=reference_block:reference_block] data index b using ($1 == p && b > 0 ? $2 - 0.3 : NaN):3:(0.6):(0) with vectors nohead lc rgb '#707070' lw 0.9*scale dt 1, \
       for [c=first[p]:last[p]] data index c+3 using 1:($4 > 1 ? $2 - $3 : NaN):(0):(2*$3) with vectors nohead lc rgb colour[c] lw 0.75*scale dt 1, \
       for [c=first[p]:last[p]] data index c+3 using 1:2 with lines lc rgb colour[c] lw (thin[c] ? 0.6 : 1.25)*scale dt dash[c], \
       for [c=first[p]:last[p]] data index c+3 using 1:2 with points lc rgb (hollow(marker[c]) ? paper : colour[c]) pt (hollow(marker[c]) ? filled(marker[c]) : marker[c]) ps (thin[c] ? 0.7 : 1)*weight(marker[c]), \
       for [c=first[p]:last[p]] data index c+3 using 1:(hollow(marker[c]) ? $2 : NaN) with points lc rgb colour[c] pt marker[c] ps (thin[c] ? 0.7 : 1)*weight(marker[c])
  eval forget_legend
  unset label 9001
  unset label 9002
}
unset multiplot
set output
