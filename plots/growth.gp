# Seconds and memory against the number of rows, logarithmic; the exponent is that of least squares.
#   gnuplot -e "data='fig.dat'" plots/growth.gp
# Blocks: 1 series, 2 ... runs of each, then the legend (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('growth.gp')]
load here . 'common.gp'

array colour[items]; array marker[items]; array dash[items]
stats data index 1 using (colour[int($0)+1] = int($2), marker[int($0)+1] = int($3), dash[int($0)+1] = int($4), 0) nooutput
load here . 'legend.gp'

left = 6.5 * cw
gap = 8 * cw
bottom = 2.9*ch + legend_below
space = 1 - left - cw - legend_right
each = (space - gap) / 2
ceiling = top - 1.5*ch

# Ticks of a logarithmic axis: at 1, 2, 5, or 1 and 3, or powers of ten, as many as have space for their labels. SHARE: how
# many labels fit into the axis, one beside the other.
choice(a, b, share) = 0.301 * share / log10(b / a) >= 1 ? 3 : 0.477 * share / log10(b / a) >= 1 ? 2 : 1
every(a, b, share) = ceil(log10(b / a) / share)
tick(c, m) = c == 3 ? (m == 1 ? 1. : m == 2 ? 2. : 5.) : (m == 1 ? 1. : 3.)

set logscale xy
unset xtics
unset ytics
set xrange [x_low:x_high]
set xtics () scale 0.5 nomirror out textcolor rgb ink
set ytics () scale 0.5 nomirror out textcolor rgb ink
fit = each / (5 * cw)
c = choice(x_low, x_high, fit)
do for [e=0:12] {
  do for [m=1:c] {
    v = tick(c, m) * 10**e
    if (v >= x_low && v <= x_high && (c > 1 || e % int(every(x_low, x_high, fit)) == 0)) { set xtics add (gprintf('%.0s%c', v) v) }
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
  a = p == 1 ? low : y_low
  b = p == 1 ? high : y_high
  fit = (ceiling - bottom) / (1.2 * ch)
  c = choice(a, b, fit)
  set yrange [a:b]
  set ytics () nomirror
  do for [e=-6:8] {
    do for [m=1:c] {
      v = tick(c, m) * 10.**e
      if (v >= a && v <= b && (c > 1 || e % int(every(a, b, fit)) == 0)) { set ytics add (sprintf('%g', v) v) }
    }
  }
  plot for [k=1:items] data index k+1 using 1:(column(p+1)) smooth unique with lines lc rgb colour[k] lw scale dt dash[k], \
       for [k=1:items] data index k+1 using 1:(column(p+1)) with points pt (hollow(marker[k]) ? filled(marker[k]) : marker[k]) ps weight(marker[k]) lc rgb (hollow(marker[k]) ? paper : colour[k]), \
       for [k=1:items] data index k+1 using 1:(hollow(marker[k]) ? column(p+1) : NaN) with points pt marker[k] ps weight(marker[k]) lc rgb colour[k]
  eval forget_legend
  unset label 9001
  unset label 9002
}
unset multiplot
set output
