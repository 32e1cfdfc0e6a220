# leiden.R ROWS.csv CLUSTERS.csv: R's igraph on the graph of each row's 10 nearest, itself included, by R's distances:
# the modularity of CLUSTERS, and the best that its own Leiden algorithm finds in five runs.
library(igraph)
arguments <- commandArgs(TRUE)
x <- as.matrix(read.csv(arguments[1])[, -1])
cluster <- read.csv(arguments[2])$cluster
n <- nrow(x)
distance <- as.matrix(dist(x))
near <- matrix(0, n, n)
for (i in 1:n) near[i, order(distance[i, ])[1:10]] <- 1
diag(near) <- 0
g <- graph_from_adjacency_matrix((near + t(near)) / 2, mode = "undirected", weighted = TRUE)
set.seed(1)
own <- max(sapply(1:5, function(i) {
  found <- cluster_leiden(g, objective_function = "modularity", weights = E(g)$weight, resolution_parameter = 1, n_iterations = 10)
  modularity(g, membership(found), weights = E(g)$weight)
}))
cat(format(modularity(g, cluster + 1, weights = E(g)$weight), digits = 10), format(own, digits = 10), "\n")
