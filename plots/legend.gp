# The legend of a figure: loaded by its script before the last plot; not run by itself. Entries and where they are come
# from the data file's block `legend_block`: text, x, y, colour, marker, line, 1 if thin, 1 if the text is grey.
# Tags from 50000 on are the legend's.
if (legend > 0) {
  array legend_text[legend]; array legend_x[legend]; array legend_y[legend]; array legend_colour[legend]
  array legend_marker[legend]; array legend_line[legend]; array legend_thin[legend]; array legend_soft[legend]
  stats data index legend_block using (legend_text[int($0)+1] = text(strcol(1)), legend_x[int($0)+1] = $2, legend_y[int($0)+1] = $3, legend_colour[int($0)+1] = int($4), legend_marker[int($0)+1] = int($5), legend_line[int($0)+1] = int($6), legend_thin[int($0)+1] = int($7), legend_soft[int($0)+1] = int($8), 0) nooutput
  # dashes as pieces, from and to as shares of the sample: the SVG terminal draws arrows solid
  array pieces[4]; pieces[1] = '0 1'; pieces[2] = '0 .24 .38 .62 .76 1'; pieces[3] = '0 .06 .23 .29 .47 .53 .70 .76 .94 1'; pieces[4] = '0 .36 .47 .53 .64 1'
  sample = dumb ? 3 * cw : 1.8 * em
  do for [k=1:legend] {
    has_sample = legend_line[k] > 0 || legend_marker[k] > 0
    if (legend_line[k] > 0 && !dumb) {
      do for [d=1:words(pieces[legend_line[k]])/2] {
        set arrow 50000+10*k+d from screen legend_x[k] + sample * real(word(pieces[legend_line[k]], 2*d-1)), screen legend_y[k] to screen legend_x[k] + sample * real(word(pieces[legend_line[k]], 2*d)), screen legend_y[k] nohead lc rgb legend_colour[k] lw (legend_thin[k] ? 0.6 : 1.25) * scale dt 1 front
      }
    }
    if (hollow(legend_marker[k])) { set label 50000+3*k '' at screen legend_x[k] + sample/2, screen legend_y[k] point pt filled(legend_marker[k]) ps weight(legend_marker[k]) lc rgb paper front }
    if (legend_marker[k] > 0) { set label 50001+3*k '' at screen legend_x[k] + sample/2, screen legend_y[k] point pt legend_marker[k] ps weight(legend_marker[k]) lc rgb legend_colour[k] front }
    set label 50002+3*k legend_text[k] at screen legend_x[k] + (has_sample ? sample + (dumb ? cw : 0.6*em) : 0), screen legend_y[k] left textcolor rgb (legend_soft[k] ? grey : ink) front
  }
}
