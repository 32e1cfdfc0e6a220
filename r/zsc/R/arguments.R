# What arguments mean: matrices, choices, threads.

# Numbers of a matrix or of the numeric columns of a data frame, transposed: columns are what C takes as rows.
rows_of <- function(X, what = "X") {
  if (inherits(X, "dist")) stop(what, " is a dist object; expected a matrix or a data frame of rows", call. = FALSE)
  if (is.data.frame(X)) X <- as.matrix(X[vapply(X, is.numeric, NA)])
  if (!is.matrix(X) || !(is.numeric(X) || is.logical(X)))
    stop(what, " is no numeric matrix and no data frame with numeric columns", call. = FALSE)
  if (ncol(X) == 0) stop(what, " has no numeric column", call. = FALSE)
  storage.mode(X) <- "double"
  t(X)
}

# The number of a choice, from 0.
choice_of <- function(value, choices, what) {
  if (!is.character(value) || length(value) != 1 || is.na(value) || !(value %in% names(choices)))
    stop(what, " is ", deparse(value)[1], "; expected one of ", paste(names(choices), collapse = ", "), call. = FALSE)
  choices[[value]]
}

metrics <- c(euclidean = 0L, cosine = 1L, correlation = 2L, manhattan = 3L, chebyshev = 4L)

number_of <- function(value, what, none = NULL) {
  if (is.null(value) && !is.null(none)) return(as.double(none))
  if (!is.numeric(value) || length(value) != 1 || is.na(value))
    stop(what, " is ", deparse(value)[1], "; expected a number", call. = FALSE)
  as.double(value)
}

# 0: as many as the process may use.
threads_of <- function(n_threads) if (is.null(n_threads)) 0L else as.integer(number_of(n_threads, "n_threads"))
