# Taxa by their share of the rows: one column per rank, each taxon beside the one that it is in.
#   gnuplot -e "data='fig.dat'" plots/composition.gp
# Blocks: 1 ranks, 2 cells (the data file's comments name the fields).
here = ARG0[1:strlen(ARG0) - strlen('composition.gp')]
load here . 'common.gp'

array rank_name[ranks]; array taxa_of[ranks]; array shown_of[ranks]
stats data index 1 using (rank_name[int($0)+1] = text(strcol(1)), taxa_of[int($0)+1] = text(strcol(2)), shown_of[int($0)+1] = text(strcol(3)), 0) nooutput
unset grid
unset border
unset tics
set lmargin at screen 0.8*em
set rmargin at screen 1 - 0.8*em
set bmargin at screen (dumb ? 3.4 : 2.6)*ch
set tmargin at screen 1 - 4.6*ch
set xrange [0:ranks]
set yrange [0:1]
do for [r=1:ranks] {
  x = r - 0.5
  set label 100+r rank_name[r] at first x, screen 1 - 2*ch center textcolor rgb ink
  set label 200+r taxa_of[r] at first x, screen 1 - 3*ch center textcolor rgb grey
  set label 300+r shown_of[r] at first x, screen 1 - 4*ch center textcolor rgb grey
}
set label 1 note at screen 0.8*em, screen 1.7*ch left textcolor rgb grey
set label 2 sprintf('others: taxa of less than %.2g ', low).percent.' of the rows' at screen 0.8*em, screen 0.7*ch left textcolor rgb grey
edge = 0.08*font_size/72./width*ranks/2 # half of the gap between columns
plot data index 2 using ($1+0.5):(($2+$3)/2):($1+edge):($1+1-edge):2:3:4 with boxxyerror fc rgb variable fs solid 1 border rgb paper lw 0.4*scale, \
     data index 2 using ($1+0.5):(($2+$3)/2):(text(strcol(5))):6 with labels center textcolor rgb variable
set output
