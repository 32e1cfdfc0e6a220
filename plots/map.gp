# Where specimens are from: cells of latitude and longitude, coloured by the number of their rows.
#   gnuplot -e "data='fig.dat'" plots/map.gp
# Blocks: 1 coastline, 2 cells (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('map.gp')]
load here . 'common.gp'

# the frame of the map in the shape of its degrees, within what the figure leaves; LOW: degrees of longitude per degree
# of latitude at the same length
wide = 1 - left - right
bottom = (dumb ? 5.4 : 4.6)*ch
high_most = 1 - 1.6*ch - bottom
high_wanted = (y_high - y_low) * low / (x_high - x_low) * wide * (dumb ? 0.5*text_columns / text_rows : width / height)
tall = high_wanted < high_most ? high_wanted : high_most
if (high_wanted > high_most) { wide = wide * high_most / high_wanted }
set lmargin at screen left
set rmargin at screen left + wide
set bmargin at screen bottom
set tmargin at screen bottom + tall
set xrange [x_low:x_high]
set yrange [y_low:y_high]
set border 15 lw 0.5*scale lc rgb grey
set xtics () scale 0.3 nomirror out textcolor rgb ink
set ytics () scale 0.3 nomirror out textcolor rgb ink
# longitudes beyond 180 are those of the west
west(x) = x > 180 ? x - 360 : x < -180 ? x + 360 : x
do for [i=ceil(x_low/x_step - 1e-9):floor(x_high/x_step + 1e-9)] { set xtics add (sprintf('%g', west(i*x_step)) i*x_step) }
do for [i=ceil(y_low/level - 1e-9):floor(y_high/level + 1e-9)] { set ytics add (sprintf('%g', i*level) i*level) }
if (!dumb) { set grid xtics ytics lc rgb pale lw 0.5*scale lt 1 back }
set label 1 'longitude (degrees)' at graph 0.5, screen bottom - (dumb ? 2.5 : 2)*ch center textcolor rgb ink
set label 2 'latitude (degrees)' at screen 0.9*cw, screen bottom + tall/2 center rotate by 90 textcolor rgb ink
set label 3 note at screen 0.8*em, screen 1.6*ch left textcolor rgb grey
set label 4 rank_title at screen 0.8*em, screen 0.7*ch left textcolor rgb grey

# cividis (Nunez, Anderton, Renslow 2018), without the end that is hard to see on the background
if (dark) {
  set palette defined (0 '#555b6c', 1 '#7b7a77', 2 '#a59c74', 3 '#d3c064', 4 '#ffe945')
} else {
  set palette defined (0 '#d3c064', 1 '#a59c74', 2 '#7b7a77', 3 '#555b6c', 4 '#213d6b', 5 '#00204c')
}
set cbrange [0:log10(high)]
set colorbox user origin screen left + wide + 0.8*em, screen bottom size screen 1.2*cw, screen tall - 1.6*ch noborder
set cbtics () scale 0.3 textcolor rgb ink offset -0.7, 0
do for [e=0:10] { if (e <= log10(high) + 1e-9) { set cbtics add (gprintf('%.0s%c', 10.**e) e) } }
set label 5 'rows' at screen left + wide + 0.8*em, screen bottom + tall - 0.6*ch left textcolor rgb ink
size = items > 3000 ? 0.45 : items > 300 ? 0.5 : 0.7
plot data index 1 using 1:2 with lines lc rgb grey lw 0.5*scale, \
     data index 2 using 1:2:(log10($3)) with points pt 7 ps size*weight(7) lc palette
set output
