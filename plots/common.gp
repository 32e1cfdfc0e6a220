# Shared by the figures of zsc. Loaded by each script; not run by itself.
#
# Before:  data     the data file (required):  gnuplot -e "data='fig.dat'" plots/ranks.gp
#          output   where to draw; default: the data file's name with another extension
#          format   pdf, svg, png, eps, tex or dumb; default: the one that the data file was made for
# After:   the data file's settings as variables; terminal and output are set; these functions and numbers are defined:
#          short(s, n)  s cut to n characters;  nice(x)  1, 2 or 5 times a power of ten, at most x;  text(s)  a text field of the data file;  ch, cw  height of a line and width of a character as fractions of the figure
#
# Text of the data file is never evaluated. It is drawn by `set label` and `title`, without enhanced text.

if (!exists("data")) { print "no data file: gnuplot -e \"data='fig.dat'\" plots/ranks.gp"; exit status 2 }

reset
set encoding utf8
set datafile separator "\t"
set datafile missing "?"
set minussign

nice(x) = 10**floor(log10(x)) * (x / 10**floor(log10(x)) >= 5 ? 5 : x / 10**floor(log10(x)) >= 2 ? 2 : 1)
short(s, n) = strlen(s) > n ? s[1:n-1].(latex ? '...' : '…') : s
swap(s, a, b) = strstrt(s, a) == 0 ? s : s[1:strstrt(s, a) - 1] . b . swap(s[strstrt(s, a) + strlen(a):*], a, b)
text(s) = swap(swap(swap(swap(swap(s eq ' ' ? '' : s, '&quot;', '"'), '&#92;', "\\"), '&#35;', '#'), '&#63;', '?'), '&amp;', '&')

# --- settings, and defaults for those that the data file lacks
default_format = 'pdf'; font = 'Sans'; font_size = 8.; dpi = 300.; latex = 0; dark = 0
width = 3.4; height = 2.5; text_columns = 79; text_rows = 24
title = ''; simulated = 0
panels = 1; ranks = 0; curves = 0; legend = 0; legend_block = 0; reference_block = 0; legend_right = 0.; legend_below = 0.; rank_angle = 40.; x_step = 1.; left = 0.; right = 0.; bottom = 0.; cell_font = 0.; column_font = 0.; column_angle = 35.; longest_label = 10; longest_rank = 10
rows = 0; columns = 0; layers = 0; groups = 0; taxa = 0; leaves = 0; stages = 0; items = 0; low = 0.; high = 0.; y_high = 0.; y_low = 0.; x_low = 0.; x_high = 0.; x_title = ''; y_title = ''; y_step = 0.
note = ''; rank_title = ''; height_top = 0.; memory = 0; log_x = 0; level = 95.

setting(k, v) = \
  k eq 'default_format' ? (default_format = v, 0) : k eq 'font' ? (font = text(v), 0) : k eq 'font_size' ? (font_size = real(v), 0) : \
  k eq 'dpi' ? (dpi = real(v), 0) : k eq 'latex' ? (latex = int(v), 0) : k eq 'width' ? (width = real(v), 0) : \
  k eq 'height' ? (height = real(v), 0) : k eq 'text_columns' ? (text_columns = int(v), 0) : k eq 'text_rows' ? (text_rows = int(v), 0) : \
  k eq 'title' ? (title = text(v), 0) : k eq 'simulated' ? (simulated = int(v), 0) : k eq 'panels' ? (panels = int(v), 0) : \
  k eq 'ranks' ? (ranks = int(v), 0) : k eq 'curves' ? (curves = int(v), 0) : k eq 'legend' ? (legend = int(v), 0) : k eq 'legend_block' ? (legend_block = int(v), 0) : \
  k eq 'reference_block' ? (reference_block = int(v), 0) : \
  k eq 'legend_right' ? (legend_right = real(v), 0) : k eq 'legend_below' ? (legend_below = real(v), 0) : k eq 'dark' ? (dark = int(v), 0) : k eq 'rank_angle' ? (rank_angle = real(v), 0) : k eq 'x_step' ? (x_step = real(v), 0) : \
  k eq 'left' ? (left = real(v), 0) : k eq 'right' ? (right = real(v), 0) : k eq 'bottom' ? (bottom = real(v), 0) : k eq 'cell_font' ? (cell_font = real(v), 0) : k eq 'column_font' ? (column_font = real(v), 0) : k eq 'column_angle' ? (column_angle = real(v), 0) : \
  k eq 'longest_label' ? (longest_label = int(v), 0) : k eq 'longest_rank' ? (longest_rank = int(v), 0) : \
  k eq 'rows' ? (rows = int(v), 0) : k eq 'layers' ? (layers = int(v), 0) : k eq 'columns' ? (columns = int(v), 0) : k eq 'groups' ? (groups = int(v), 0) : \
  k eq 'taxa' ? (taxa = int(v), 0) : k eq 'leaves' ? (leaves = int(v), 0) : k eq 'stages' ? (stages = int(v), 0) : \
  k eq 'items' ? (items = int(v), 0) : k eq 'low' ? (low = real(v), 0) : k eq 'y_low' ? (y_low = real(v), 0) : k eq 'x_low' ? (x_low = real(v), 0) : k eq 'x_high' ? (x_high = real(v), 0) : k eq 'y_high' ? (y_high = real(v), 0) : k eq 'high' ? (high = real(v), 0) : \
  k eq 'x_title' ? (x_title = text(v), 0) : k eq 'y_title' ? (y_title = text(v), 0) : k eq 'rank_title' ? (rank_title = text(v), 0) : k eq 'note' ? (note = text(v), 0) : \
  k eq 'height_top' ? (height_top = real(v), 0) : k eq 'memory' ? (memory = int(v), 0) : k eq 'level' ? (level = real(v), 0) : k eq 'log_x' ? (log_x = int(v), 0) : k eq 'y_step' ? (y_step = real(v), 0) : 0
stats data index 0 using (setting(strcol(1), strcol(2))) nooutput

# --- terminal. The Cairo terminals have 96 dots per inch; scaled so that font sizes are in points.
if (!exists("format")) format = default_format
stem = strlen(data) > 4 && data[strlen(data)-3:*] eq '.dat' ? data[1:strlen(data)-4] : data
if (!exists("output")) output = format eq 'dumb' ? '' : stem . '.' . format
if (latex && format ne 'tex') print "note: the text of this data file is written for LaTeX"
dumb = format eq 'dumb'
face = font . ',' . sprintf('%g', font_size)
# colours that are not data: text and axes, what is less important, grid, background
ink = dark ? 0xe8e8e8 : 0x222222; grey = dark ? 0xa0a0a0 : 0x777777; pale = dark ? 0x3c3c3c : 0xdddddd; paper = dark ? 0x161616 : 0xffffff
background = sprintf('#%06x', paper)
scale = dumb ? 1. : font_size / 8. # of lines and points
if (format eq 'pdf') set terminal pdfcairo noenhanced color rounded background background size width in, height in font face fontscale 0.75 linewidth 1
if (format eq 'eps') set terminal epscairo noenhanced color rounded background background size width in, height in font face fontscale 0.75 linewidth 1
if (format eq 'png') set terminal pngcairo noenhanced color rounded background background size int(width*dpi + .5), int(height*dpi + .5) font face fontscale dpi/96. linewidth dpi/96. pointscale dpi/96.
if (format eq 'svg') set terminal svg noenhanced rounded standalone size int(width*72 + .5), int(height*72 + .5) font face fontscale 1 linewidth 0.75 background background
if (format eq 'tex') set terminal cairolatex pdf input color rounded background background size width in, height in font ','.sprintf('%g', font_size) linewidth 1
if (dumb) set terminal dumb noenhanced size text_columns, text_rows
if (output ne '') set output output

# em: the font size as a fraction of the width. ch and cw: a line is 1.35, a character of a sans serif 0.56 times the font size.
em = font_size / 72. / width
ch = dumb ? 1. / text_rows : 1.35 * font_size / 72. / height
cw = dumb ? 1. / text_columns : 0.56 * font_size / 72. / width
percent = latex ? '\%' : '%'

# --- style of axes, lines and text
set border 3 lw 0.75*scale lc rgb ink
set dashtype 2 (5, 4); set dashtype 3 (1.5, 3); set dashtype 4 (6, 2.5, 1.5, 2.5)
set tics nomirror out scale 0.5 textcolor rgb ink
if (!dumb) { set grid ytics lc rgb pale lw 0.5*scale lt 1 }
set style fill solid 1 noborder
set key noautotitle
# Markers of equal weight: the share of the size at which each has the area of a circle.
hollow(m) = m == 4 || m == 6 || m == 8 || m == 10 || m == 12 || m == 14
filled(m) = m + 1
weight(m) = 0.6 * scale * (m == 4 || m == 5 || m == 12 || m == 13 ? 0.89 : m >= 8 && m <= 11 ? 1.05 : m >= 14 ? 0.88 : m <= 3 ? 0.95 : 1)
forget_legend = 'do for [k=1:legend] { unset label 50000+3*k; unset label 50001+3*k; unset label 50002+3*k; do for [d=1:5] { unset arrow 50000+10*k+d } }'
if (simulated) set label 9001 'simulated data' at screen 1 - cw, screen 1 - 0.6*ch right textcolor rgb grey
if (title ne '') set label 9002 title at screen cw, screen 1 - 0.6*ch left textcolor rgb ink
top = 1 - (simulated || title ne '' ? 1.3*ch : 0)

