# The table of zsc collect: one row per run and rank.
zsc_read_results <- function(folder, program = getOption("zsc.program", "zsc")) {
  if (!dir.exists(folder)) stop("there is no folder '", folder, "'", call. = FALSE)
  table <- tempfile(fileext = ".csv")
  on.exit(unlink(table))
  arguments <- c("collect", "-q", shQuote(normalizePath(folder)), "-o", shQuote(table))
  said <- suppressWarnings(system2(program, arguments, stdout = TRUE, stderr = TRUE))
  status <- attr(said, "status")
  if (!is.null(status) && status != 0) stop("zsc collect: ", paste(said, collapse = "\n"), call. = FALSE)
  read.csv(table, check.names = FALSE, na.strings = "", encoding = "UTF-8")
}
