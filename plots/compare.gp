# Differences of AMI to one encoder, with intervals, rank by rank; hollow: the joint interval of the rank holds 0.
#   gnuplot -e "data='fig.dat'" plots/compare.gp
# Blocks: 1 compared, 2 ranks, 3 ... differences (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('compare.gp')]
load here . 'common.gp'

array name[items]; array colour[items]; array marker[items]
stats data index 1 using (name[int($0)+1] = text(strcol(1)), colour[int($0)+1] = int($2), marker[int($0)+1] = int($3), 0) nooutput
array rank[ranks]
stats data index 2 using (rank[int($0)+1] = text(strcol(1)), 0) nooutput

right_legend = width > 4.6 && !dumb
legend_width = (longest_label + 3) * cw
legend_height = right_legend ? 0 : (items + 0.6) * ch
name_height = dumb ? 2*ch : (0.66 * longest_rank * cw * width / height + 0.8*ch)
bottom = name_height + legend_height
ceiling = top - 1.6*ch
size(m) = m >= 8 && m <= 13 ? 0.65 : 0.5

set lmargin at screen 7.6 * cw
set rmargin at screen 1 - cw - (right_legend ? legend_width + cw : 0)
set bmargin at screen bottom
set tmargin at screen ceiling
set xrange [0.5:ranks + 0.5]
set offsets 0, 0, 0.05 * (high - low), 0.05 * (high - low)
set xtics 1 format ''
set format y '%+g'
set arrow 1 from graph 0, first 0 to graph 1, first 0 nohead lc rgb grey lw 0.75
do for [r=1:ranks] {
  if (dumb) {
    set label 100+r rank[r] at first r, graph 0 center offset 0, -1
  } else {
    set label 100+r rank[r] at first r + 0.15, graph 0 right rotate by 40 textcolor rgb ink offset 0, -0.7
  }
}
set label 97 'AMI difference (points)' at screen 1.1*cw, screen (bottom + ceiling)/2 center rotate by 90 textcolor rgb ink
set label 98 'against '.note.sprintf(', %g', level).percent.' intervals' at screen 7.6*cw, screen ceiling + 0.8*ch left textcolor rgb ink
do for [k=1:items] {
  x = right_legend ? 1 - legend_width - 0.5*cw : 7.6*cw
  y = right_legend ? ceiling - (k - 0.5)*ch : legend_height - (k - 0.3)*ch
  set label 1000+k '' at screen x + 0.6*cw, screen y point pt marker[k] ps size(marker[k]) lc rgb colour[k]
  set label 2000+k name[k] at screen x + 2*cw, screen y left textcolor rgb ink
}
dodge(k) = items > 1 ? 0.5 * ((k - 1.) / (items - 1) - 0.5) : 0
plot for [k=1:items] data index k+2 using ($1 + dodge(k)):2:3:4 with yerrorbars lc rgb colour[k] lw 1 pt -1, \
     for [k=1:items] data index k+2 using ($1 + dodge(k)):($5 == 1 ? $2 : NaN) with points pt marker[k] ps size(marker[k]) lc rgb colour[k], \
     for [k=1:items] data index k+2 using ($1 + dodge(k)):($5 == 1 ? NaN : $2) with points pt marker[k] ps size(marker[k]) lc rgb 'white', \
     for [k=1:items] data index k+2 using ($1 + dodge(k)):($5 == 1 ? NaN : $2) with points pt marker[k]-1 ps size(marker[k]) lc rgb colour[k]
set output
