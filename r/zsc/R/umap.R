zsc_umap <- function(X, n_neighbors = 15, n_components = 2, metric = "euclidean", n_epochs = NULL, learning_rate = 1,
                     init = "spectral", spread = 1, min_dist = 0.01, set_op_mix_ratio = 1, local_connectivity = 1,
                     repulsion_strength = 1, negative_sample_rate = 5, a = NULL, b = NULL, nn_method = "auto", y = NULL,
                     target_weight = 0.5, n_threads = NULL, seed = 0, ret_model = FALSE) {
  rows <- rows_of(X)
  inits <- c(spectral = 0, pca = 1, random = 2)
  given <- is.matrix(init)
  options <- list(
    n_components = number_of(n_components, "n_components"), n_neighbors = number_of(n_neighbors, "n_neighbors"),
    metric = choice_of(metric, metrics, "metric"),
    nn_method = choice_of(nn_method, c(auto = 0, exact = 1, approx = 2), "nn_method"),
    init = if (given) 3 else choice_of(init, inits, "init"),
    n_epochs = if (is.null(n_epochs)) NA_real_ else number_of(n_epochs, "n_epochs"),
    min_dist = number_of(min_dist, "min_dist"), spread = number_of(spread, "spread"),
    a = number_of(a, "a", 0), b = number_of(b, "b", 0),
    learning_rate = number_of(learning_rate, "learning_rate"),
    set_op_mix_ratio = number_of(set_op_mix_ratio, "set_op_mix_ratio"),
    local_connectivity = number_of(local_connectivity, "local_connectivity"),
    repulsion_strength = number_of(repulsion_strength, "repulsion_strength"),
    negative_sample_rate = number_of(negative_sample_rate, "negative_sample_rate"),
    target_weight = number_of(target_weight, "target_weight"), seed = number_of(seed, "seed"))
  start <- NULL
  if (given) {
    if (nrow(init) != ncol(rows) || ncol(init) != n_components)
      stop("init is ", nrow(init), " x ", ncol(init), "; expected ", ncol(rows), " x ", n_components, call. = FALSE)
    start <- rows_of(init, "init")
  }
  labels <- NULL
  if (!is.null(y)) {
    if (length(y) != ncol(rows)) stop("y has ", length(y), " labels; expected ", ncol(rows), call. = FALSE)
    labels <- as.integer(factor(y)) - 1L
  }
  made <- .Call(C_umap, rows, options, start, labels, threads_of(n_threads))
  embedding <- t(made[[1]])
  rownames(embedding) <- colnames(rows)
  if (!ret_model) return(embedding)
  structure(list(embedding = embedding, rows = rows, centre = made[[2]], options = options), class = "zsc_umap")
}

zsc_umap_transform <- function(X, model, n_threads = NULL) {
  if (!inherits(model, "zsc_umap")) stop("model is no result of zsc_umap(..., ret_model = TRUE)", call. = FALSE)
  rows <- rows_of(X)
  placed <- t(.Call(C_transform, rows, model$rows, t(model$embedding), model$centre, model$options,
                    threads_of(n_threads)))
  rownames(placed) <- colnames(rows)
  placed
}

print.zsc_umap <- function(x, ...) {
  cat("UMAP of", nrow(x$embedding), "rows of", nrow(x$rows), "columns in", ncol(x$embedding), "dimensions\n")
  invisible(x)
}
