# AMI (%) against rank, one curve per encoder, panels by modality.
#   gnuplot -e "data='fig.dat'" plots/ranks.gp
# Blocks: 1 panels, 2 ranks, 3 curves, 4 ... the points of each curve (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('ranks.gp')]
load here . 'common.gp'

array panel_title[panels]; array first[panels]; array last[panels]; array lines[panels]
stats data index 1 using (panel_title[int($0)+1] = text(strcol(1)), first[int($0)+1] = int($2), last[int($0)+1] = int($3), lines[int($0)+1] = int($4)) nooutput
array rank[ranks]
stats data index 2 using (rank[int($0)+1] = text(strcol(1)), 0) nooutput
array label[curves]; array colour[curves]; array marker[curves]; array dash[curves]; array shown[curves]
stats data index 3 using (label[int($0)+1] = text(strcol(1)), colour[int($0)+1] = int($2), marker[int($0)+1] = int($3), dash[int($0)+1] = int($4), shown[int($0)+1] = int($5)) nooutput

# --- positions, as fractions of the figure
right_legend = width > 4.6 && !dumb
sample = dumb ? 5 * cw : 4.2 * cw
legend_width = longest_label * cw * 1.04 + sample
legend_height = right_legend ? 0 : (legend_lines + 0.8 + both) * ch
name_height = dumb ? 2*ch : (0.66 * longest_rank * cw * width / height + 0.8*ch)
left = 6.2 * cw
gap = 1.6 * cw
bottom = name_height + legend_height
space = 1 - left - cw - (right_legend ? legend_width + cw : 0)
each = (space - (panels - 1) * gap) / panels
ceiling = top - (panels > 1 || panel_title[1] ne '' ? 1.5*ch : 0.5*ch)

set xrange [0.6:ranks + 0.4]
set yrange [low:high]
step = high - low > 60 ? 20 : 10
set ytics step
set mytics 2
big(m) = 0.45 * (m == 8 || m == 9 || m == 10 || m == 11 ? 1.35 : m == 12 || m == 13 ? 1.2 : 1)
set xtics 1 format ''
do for [r=1:ranks] {
  if (dumb) {
    set label 100+r rank[r] at first r, graph 0 center offset 0, -1
  } else {
    set label 100+r rank[r] at first r + 0.15, graph 0 right rotate by 40 textcolor rgb ink offset 0, -0.7
  }
}

set multiplot
y = ceiling - 0.5*ch
do for [p=1:panels] {
  x0 = left + (p-1) * (each + gap)
  set lmargin at screen x0
  set rmargin at screen x0 + each
  set bmargin at screen bottom
  set tmargin at screen ceiling
  if (p == 1) {
    set label 97 'AMI ('.percent.')' at screen 1.1*cw, screen (bottom + ceiling)/2 center rotate by 90 textcolor rgb ink
    set ytics format '%g'
  } else {
    unset label 97
    set ytics format ''
    unset label 9001
    unset label 9002
  }
  set label 99 panel_title[p] at graph 0.5, graph 1 center textcolor rgb ink offset 0, 0.8

  # legend of this panel: at the right of all panels, one below the other; or below its panel
  x = right_legend ? 1 - legend_width - 0.5*cw : x0 - (panels == 1 ? 0 : cw)
  if (!right_legend) { y = legend_height - 0.6*ch }
  if (right_legend && panels > 1) {
    set label 98 panel_title[p] at screen x, screen y left textcolor rgb ink
    y = y - ch
  }
  do for [c=first[p]:last[p]] {
    if (shown[c]) {
      if (!dumb) { set arrow 1000+c from screen x, screen y to screen x + 3.2*cw, screen y nohead lc rgb colour[c] lw 1.25 dt 1 }
      set label 1000+c '' at screen x + 1.6*cw, screen y point pt marker[c] ps big(marker[c]) lc rgb colour[c]
      set label 2000+c label[c] at screen x + sample, screen y left textcolor rgb ink
      y = y - ch
    }
  }
  if (p == panels && both) {
    if (!right_legend) { y = 1.1*ch }
    x = right_legend ? x : left
    step = right_legend ? 0. : sample + 12*cw
    if (right_legend) { y = y - 0.5*ch }
    set arrow 3001 from screen x, screen y to screen x + 3.2*cw, screen y nohead lc rgb grey lw 1.25 dt 1
    set label 3001 'all rows' at screen x + sample, screen y left textcolor rgb ink
    if (right_legend) { y = y - ch }
    do for [d=0:2] { # three pieces: the SVG terminal draws arrows solid
      set arrow 3002+d from screen x + step + d*1.25*cw, screen y to screen x + step + (d*1.25 + 0.75)*cw, screen y nohead lc rgb grey lw 1.25 dt 1
    }
    set label 3002 'one per barcode' at screen x + step + sample, screen y left textcolor rgb ink
  }
  y = y - 0.6*ch
  plot for [c=first[p]:last[p]] data index c+3 using 1:($4 > 1 ? $2 : NaN):3 with yerrorbars lc rgb colour[c] lw 0.75 dt 1 pt -1, \
       for [c=first[p]:last[p]] data index c+3 using 1:2 with linespoints lc rgb colour[c] lw 1.25 dt dash[c] pt marker[c] ps big(marker[c])
  unset label 98
  do for [c=first[p]:last[p]] {
    if (shown[c]) {
      unset arrow 1000+c
      unset label 1000+c
      unset label 2000+c
    }
  }
}
unset multiplot
set output
