# zsc beside stats::hclust on R's own data sets, UMAP against zsc's program, scores against their definition. Files in
# the working folder (rows, layout, results) are made by r/check.sh; without them those parts are left out.
library(zsc)

refused <- function(expression, words) {
  said <- tryCatch({ expression; "nothing was refused" }, error = conditionMessage)
  if (!grepl(words, said, fixed = TRUE)) stop("expected '", words, "', got: ", said)
}

## --- hclust: heights, merges, order, cuts, cophenetic distances. Where distances are equal several trees are right:
## then single linkage's heights and cophenetic distances, which are unique.
sets <- list(USArrests = USArrests, mtcars = mtcars, swiss = swiss, attitude = attitude, stackloss = stackloss,
             LifeCycleSavings = LifeCycleSavings, iris = iris[1:4], faithful = faithful, quakes = quakes[1:300, ],
             trees = trees, rock = rock)
methods <- c("ward.D", "ward.D2", "single", "complete", "average", "mcquitty", "median", "centroid")
compared <- 0
near <- function(a, b, most) isTRUE(all(abs(a - b) <= 1e-9 * most))
for (name in names(sets)) for (metric in c("euclidean", "manhattan")) for (method in methods) {
  d <- dist(sets[[name]], metric)
  if (method %in% c("median", "centroid")) d <- d^2
  theirs <- hclust(d, method)
  ours <- zsc_hclust(d, method)
  stopifnot(inherits(ours, "hclust"), identical(names(ours), names(theirs)),
            identical(dim(ours$merge), dim(theirs$merge)), identical(sort(ours$order), seq_along(ours$order)),
            identical(ours$method, theirs$method),
            identical(ours$labels, theirs$labels), identical(ours$dist.method, theirs$dist.method))
  most <- max(theirs$height)
  ties <- anyDuplicated(round(d / max(d), 12)) > 0
  if (!ties) {
    monotone <- !is.unsorted(theirs$height)
    stopifnot(near(ours$height, theirs$height, most), identical(ours$merge, theirs$merge),
              identical(ours$order, theirs$order), near(cophenetic(ours), cophenetic(theirs), most))
    if (monotone) for (k in c(2, 3, 5, 10)) stopifnot(identical(cutree(ours, k), cutree(theirs, k)))
    compared <- compared + 1
  } else if (method == "single") {
    stopifnot(near(ours$height, theirs$height, most), near(cophenetic(ours), cophenetic(theirs), most))
  }
  plot(as.dendrogram(ours), leaflab = "none")
}
stopifnot(compared > 30)
stopifnot(near(zsc_hclust(eurodist, "average")$height, hclust(eurodist, "average")$height, 5000),
          identical(zsc_hclust(eurodist, "single")$labels, attr(eurodist, "Labels")))

## rows instead of distances, other metrics, beginnings of names
x <- as.matrix(USArrests)
for (method in c("ward.D2", "single", "complete", "average"))
  stopifnot(near(zsc_hclust(x, method)$height, hclust(dist(x), method)$height, 500))
stopifnot(near(zsc_hclust(x, "ave", "manhattan")$height, hclust(dist(x, "manhattan"), "average")$height, 500),
          identical(zsc_hclust(x, "complete", n_threads = 1), zsc_hclust(x, "complete", n_threads = 3)) ||
            identical(zsc_hclust(x, "complete", n_threads = 1)$merge, zsc_hclust(x, "complete", n_threads = 3)$merge))
refused(zsc_hclust(x, "ward"), "expected one of ward.D")
refused(zsc_hclust(x, "centroid"), "is of distances")
refused(zsc_hclust(x, "average", "hamming"), "expected one of euclidean")
refused(zsc_hclust(structure(c(1, NA, 1), Size = 3L, class = "dist")), "the distance of rows 1 and 3")
refused(zsc_hclust(x[1, , drop = FALSE]), "expected 2 or more")

## --- AMI: of relabelled partitions, by chance, labels of any type, NA
set.seed(1)
class <- sample(letters[1:5], 400, TRUE)
stopifnot(abs(zsc_ami(class, match(class, letters)) - 1) < 1e-12, abs(zsc_ami(class, sample(class))) < 0.05,
          abs(zsc_ami(factor(class), rev(class)) - zsc_ami(rev(class), class)) < 1e-12)
some <- class
some[1:50] <- NA
stopifnot(identical(zsc_ami(some, class), zsc_ami(class[51:400], class[51:400])))
for (average in c("max", "min", "geometric")) stopifnot(abs(zsc_ami(class, class, average) - 1) < 1e-12)
refused(zsc_ami(class, class[-1]), "there are 400 labels and 399 clusters")
refused(zsc_ami(class, some), "50 clusters are NA")

## --- UMAP: uwot's habits, groups that stay apart, the same bytes, new rows, labels
embedding <- zsc_umap(iris[1:4], n_epochs = 100, n_threads = 1)
stopifnot(identical(dim(embedding), c(150L, 2L)), all(is.finite(embedding)),
          identical(embedding, zsc_umap(iris, n_epochs = 100, n_threads = 3)),
          identical(rownames(zsc_umap(mtcars, n_neighbors = 5, n_epochs = 20)), rownames(mtcars)))
clusters <- cutree(zsc_hclust(embedding, "ward.D2"), 3)
stopifnot(zsc_ami(iris$Species, clusters) > 0.6)
model <- zsc_umap(iris[1:4], n_epochs = 60, ret_model = TRUE)
stopifnot(identical(unname(zsc_umap_transform(iris[c(7, 90), 1:4], model)), unname(model$embedding[c(7, 90), ])),
          all(is.finite(zsc_umap_transform(iris[1:4] + 0.01, model))))
guided <- cutree(zsc_hclust(zsc_umap(iris[1:4], y = iris$Species, target_weight = 0.9), "ward.D2"), 3)
stopifnot(zsc_ami(iris$Species, guided) > 0.9)
moved <- sweep(as.matrix(iris[1:4]), 2, c(1e7, -1e7, 5e6, 0), "+")  # centred in double: the same neighbours
stopifnot(max(abs(zsc_umap(moved, n_epochs = 0, init = "pca") - zsc_umap(iris[1:4], n_epochs = 0, init = "pca"))) < 0.1)
refused(zsc_umap(iris$Species), "X is no numeric matrix")
refused(zsc_umap(iris[1:4], metric = "hamming"), "expected one of euclidean")
refused(zsc_umap(iris[1:4], n_neighbors = 1), "n_neighbors")
refused(zsc_umap(iris[1:4], y = 1:3), "y has 3 labels; expected 150")
refused(zsc_umap(rbind(1:3, c(1, NA, 2), 4:6)), "NaN")
refused(zsc_umap_transform(iris[1:3], model), "columns")
refused(zsc_umap_transform(iris[1:4], embedding), "ret_model = TRUE")

## --- the same as the program's
if (file.exists("rows.npy")) {
  connection <- file("rows.npy", "rb")
  invisible(readBin(connection, "raw", 8))
  length <- readBin(connection, "integer", 1, size = 2, signed = FALSE, endian = "little")
  header <- rawToChar(readBin(connection, "raw", length))
  shape <- as.integer(strsplit(sub(".*\\(([0-9]+), ([0-9]+)\\).*", "\\1 \\2", header), " ")[[1]])
  numbers <- readBin(connection, "numeric", prod(shape), size = 4, endian = "little")
  rows <- matrix(numbers, shape[1], shape[2], byrow = TRUE)
  close(connection)
  layout <- read.csv("layout.csv")
  ours <- zsc_umap(rows, n_epochs = 50, seed = 3)
  floats <- function(y) writeBin(c(as.matrix(y)), raw(), size = 4)
  stopifnot(identical(dim(ours), c(150L, 2L)), identical(floats(ours), floats(layout[c("umap1", "umap2")])),
            identical(floats(zsc_umap(rows, n_epochs = 50, seed = 4)), floats(ours)) == FALSE)
  wide <- rows
  wide[1, 1] <- wide[1, 1] + 1e-12 # not a float: rows are centred, and the layout is another
  stopifnot(!identical(floats(zsc_umap(wide, n_epochs = 50, seed = 3)), floats(layout[c("umap1", "umap2")])))
  table <- zsc_read_results("results")
  stopifnot(is.data.frame(table), nrow(table) > 0, "ami" %in% names(table),
            identical(dim(table), dim(read.csv("table.csv", check.names = FALSE))), all(table$ami <= 1, na.rm = TRUE))
  refused(zsc_read_results("nowhere"), "there is no folder 'nowhere'")
}
cat("all checks passed:", compared, "trees identical\n")
