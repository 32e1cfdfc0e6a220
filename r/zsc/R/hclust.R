linkage_methods <- c(ward.D = 0L, ward.D2 = 0L, single = 1L, complete = 3L, average = 2L, mcquitty = 4L, median = 6L,
                     centroid = 5L)

# The names and shortest beginnings that stats::hclust takes.
method_of <- function(method) {
  at <- pmatch(method, names(linkage_methods))
  if (length(method) != 1 || is.na(at))
    stop("method is ", deparse(method)[1], "; expected one of ", paste(names(linkage_methods), collapse = ", "),
         call. = FALSE)
  names(linkage_methods)[at]
}

zsc_hclust <- function(d, method = "complete", metric = "euclidean", n_threads = NULL) {
  method <- method_of(method)
  # of these, hclust's distances are squares of those that the linkage is defined by
  squared <- method %in% c("ward.D", "median", "centroid")
  of_rows <- !inherits(d, "dist")
  if (of_rows) {
    if (!(method %in% c("ward.D2", "single", "complete", "average")))
      stop("method ", method, " is of distances: give dist(X), or one of ward.D2, single, complete, average",
           call. = FALSE)
    rows <- rows_of(d, "d")
    n <- ncol(rows)
    labels <- colnames(rows)
    z <- .Call(C_linkage_rows, rows, linkage_methods[[method]], choice_of(metric, metrics, "metric"),
               threads_of(n_threads))
  } else {
    n <- attr(d, "Size")
    labels <- attr(d, "Labels")
    if (length(d) != n * (n - 1) / 2) stop("d has ", length(d), " distances; expected ", n * (n - 1) / 2, call. = FALSE)
    values <- as.double(d)
    if (squared) values <- sqrt(values)
    z <- .Call(C_linkage_distances, values, as.integer(n), linkage_methods[[method]], threads_of(n_threads))
  }
  if (n < 2) stop("d has ", n, " rows; expected 2 or more", call. = FALSE)
  merge <- merge_of(z, n)
  structure(list(merge = merge, height = if (squared) z[3, ]^2 else z[3, ], order = order_of(merge), labels = labels,
                 method = method, call = match.call(), dist.method = if (of_rows) metric else attr(d, "method")),
            class = "hclust")
}

# hclust's merges: rows are negative, merges positive; single rows first, otherwise the smaller number.
merge_of <- function(z, n) {
  child <- t(z[1:2, , drop = FALSE])
  code <- ifelse(child < n, -(child + 1), child - n + 1)
  first <- ifelse((code[, 1] < 0) == (code[, 2] < 0), abs(code[, 1]) < abs(code[, 2]), code[, 1] < 0)
  merge <- cbind(ifelse(first, code[, 1], code[, 2]), ifelse(first, code[, 2], code[, 1]))
  storage.mode(merge) <- "integer"
  merge
}

# Leaves from left to right, without recursion: chains are as deep as there are rows.
order_of <- function(merge) {
  last <- nrow(merge)
  size <- integer(last)
  count <- function(code) if (code < 0) 1L else size[code]
  for (i in seq_len(last)) size[i] <- count(merge[i, 1]) + count(merge[i, 2])
  begin <- integer(last)
  order <- integer(last + 1)
  begin[last] <- 1L
  for (i in rev(seq_len(last))) {
    at <- begin[i]
    for (code in merge[i, ]) {
      if (code < 0) order[at] <- -code else begin[code] <- at
      at <- at + count(code)
    }
  }
  order
}
