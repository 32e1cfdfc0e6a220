zsc_ami <- function(labels, clusters, average = "arithmetic", n_threads = NULL) {
  if (length(labels) != length(clusters))
    stop("there are ", length(labels), " labels and ", length(clusters), " clusters", call. = FALSE)
  if (anyNA(clusters)) stop(sum(is.na(clusters)), " clusters are NA; expected a cluster for each row", call. = FALSE)
  mean <- choice_of(average, c(arithmetic = 0L, max = 1L, min = 2L, geometric = 3L), "average")
  .Call(C_ami, as.integer(factor(labels)), as.integer(factor(clusters)), mean, threads_of(n_threads))
}
