# Time and memory of runs against the number of rows, both axes logarithmic; the exponent is that of least squares.
#   gnuplot -e "data='fig.dat'" plots/growth.gp
# Blocks: 1 series, 2 ... runs of each (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('growth.gp')]
load here . 'common.gp'

array name[items]; array colour[items]; array marker[items]; array time[items]; array memory_of[items]
stats data index 1 using (name[int($0)+1] = text(strcol(1)), colour[int($0)+1] = int($2), marker[int($0)+1] = int($3), time[int($0)+1] = column(4), memory_of[int($0)+1] = column(5), 0) nooutput

right_legend = width > 4.6 && !dumb
legend_width = 30 * cw
legend_height = right_legend ? 0 : (items + 0.6) * ch
left = 6.5 * cw
gap = 8 * cw
bottom = 2.9*ch + legend_height
space = 1 - left - cw - (right_legend ? legend_width + cw : 0)
each = (space - gap) / 2
ceiling = top - 1.5*ch
power(e) = e == e ? sprintf('n^%.2f', e) : ''
size(m) = m >= 8 && m <= 13 ? 0.65 : 0.5

set logscale xy
# ticks at 1, 2, 5 below three powers of ten, else at powers of ten
unset xtics
unset ytics
set xrange [x_low:x_high]
set xtics () scale 0.5 nomirror out
set ytics () scale 0.5 nomirror out
thin_x = x_high / x_low > 50
do for [e=0:9] {
  do for [m=1:3] {
    v = (m == 1 ? 1. : m == 2 ? 2. : 5.) * 10**e
    if (v >= x_low && v <= x_high) {
      if (m == 1 || !thin_x) { set xtics add (gprintf('%.0s%c', v) v) } else { set xtics add ('' v 1) }
    }
  }
}
array title_of[2]; title_of[1] = 'seconds'; title_of[2] = 'peak memory, GB'
set multiplot
do for [p=1:2] {
  x0 = left + (p-1) * (each + gap)
  set lmargin at screen x0
  set rmargin at screen x0 + each
  set bmargin at screen bottom
  set tmargin at screen ceiling
  set label 99 title_of[p] at graph 0.5, graph 1 center textcolor rgb ink offset 0, 0.8
  set label 96 'rows n' at screen x0 + each/2, screen bottom - 2.3*ch center textcolor rgb ink
  if (p == 2) {
    unset label 9001
    unset label 9002
    do for [k=1:items] {
      x = right_legend ? 1 - legend_width : left
      y = right_legend ? ceiling - (k * 2 - 1.5)*ch : legend_height - (k - 0.3)*ch
      set label 1000+k '' at screen x + 0.6*cw, screen y point pt marker[k] ps size(marker[k]) lc rgb colour[k]
      exponents = time[k] == time[k] ? 'time '.power(time[k]).(memory_of[k] == memory_of[k] ? ', memory '.power(memory_of[k]) : '') : ''
      if (latex) { exponents = time[k] == time[k] ? sprintf('time $n^{%.2f}$, memory $n^{%.2f}$', time[k], memory_of[k]) : '' }
      set label 2000+k name[k].(right_legend ? '' : '  '.exponents) at screen x + 2*cw, screen y left textcolor rgb ink
      if (right_legend) { set label 3000+k exponents at screen x + 2*cw, screen y - 0.95*ch left textcolor rgb grey }
    }
  }
  a = p == 1 ? low : y_low
  b = p == 1 ? high : y_high
  set yrange [a:b]
  set ytics () nomirror
  do for [e=-4:6] {
    do for [m=1:3] {
      v = (m == 1 ? 1. : m == 2 ? 2. : 5.) * 10.**e
      if (v >= a && v <= b) {
        if (m == 1 || b / a < 100) { set ytics add (sprintf('%g', v) v) } else { set ytics add ('' v 1) }
      }
    }
  }
  plot for [k=1:items] data index k+1 using 1:(column(p+1)) with points pt marker[k] ps size(marker[k]) lc rgb colour[k], \
       for [k=1:items] data index k+1 using 1:(column(p+1)) smooth unique with lines lc rgb colour[k] lw 1
}
unset multiplot
set output
