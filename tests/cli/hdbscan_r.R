# Rscript hdbscan_r.R MIN_CLUSTER_SIZE: compares clusters.txt with what R's dbscan finds in x.txt.
#
# Both build the same spanning tree. They differ in when rows leave a cluster that fall from it as a part smaller than
# the minimum cluster size: by the definition (Campello, Moulavi and Sander 2013) at the level at which the part falls
# off, in dbscan's computeStability() where the rows of that part fall apart from each other, or at the cluster's end if
# that comes first. Its stabilities are larger, and where two selections are close another one may win.
#
# From dbscan's tree both rules are computed here. By the definition clusters must be zsc's; by dbscan's rule they must
# be dbscan's, which shows that nothing else differs. Prints "same", or "other rule" where dbscan's own clusters are
# others.
k <- as.integer(commandArgs(TRUE)[1])
x <- as.matrix(read.table("x.txt"))
zsc <- scan("clusters.txt", quiet = TRUE)
h <- dbscan::hdbscan(x, minPts = k)
merge <- h$hc$merge
height <- h$hc$height
n <- nrow(x)
size <- integer(n - 1)
for (i in seq_len(n - 1)) size[i] <- sum(vapply(merge[i, ], function(m) if (m < 0) 1L else size[m], 1L))

# parent, birth, death of each cluster; the cluster of each row, and the distance at which it leaves it
condense <- function(by_definition) {
    parent <- 0L; birth <- height[n - 1]; death <- NA_real_; children <- 0
    of_merge <- rep(1L, n - 1); fell <- rep(NA_real_, n - 1)
    of_row <- integer(n); left <- numeric(n)
    for (i in (n - 1):1) {
        c <- of_merge[i]; m <- merge[i, ]
        large <- m > 0 & c(m[1] > 0 && size[max(m[1], 1)] >= k, m[2] > 0 && size[max(m[2], 1)] >= k)
        if (all(large)) {
            death[c] <- height[i]; children[c] <- sum(size[m])
            for (s in m) {
                parent <- c(parent, c); birth <- c(birth, height[i]); death <- c(death, NA); children <- c(children, 0)
                of_merge[s] <- length(parent)
            }
        } else for (s in 1:2) {
            at <- if (is.na(fell[i])) height[i] else fell[i]
            if (m[s] < 0) {
                of_row[-m[s]] <- c
                left[-m[s]] <- if (by_definition) at else if (is.na(death[c])) height[i] else death[c]
            } else {
                of_merge[m[s]] <- c
                if (!large[s]) fell[m[s]] <- at
            }
        }
    }
    end <- ifelse(is.na(death), 1, death)
    stability <- vapply(seq_along(parent), function(c) sum(1 / left[of_row == c] - 1 / birth[c]), 0) +
        children * (1 / end - 1 / birth)
    list(parent = parent, stability = stability, of_row = of_row)
}

select <- function(tree) {
    best <- tree$stability; inside <- numeric(length(best)); kept <- logical(length(best))
    for (c in rev(seq_along(best))[-length(best)]) {
        kept[c] <- inside[c] <= best[c]
        inside[tree$parent[c]] <- inside[tree$parent[c]] + max(inside[c], best[c])
    }
    top <- integer(length(best)) # the outermost cluster that is kept; parents come first
    for (c in seq_along(best)[-1]) top[c] <- if (top[tree$parent[c]]) top[tree$parent[c]] else if (kept[c]) c else 0L
    top[tree$of_row]
}

same <- function(a, b) {
    pairs <- unique(data.frame(a, b))
    all((a == 0) == (b == 0)) && !anyDuplicated(pairs$a) && !anyDuplicated(pairs$b)
}
if (!same(select(condense(TRUE)), zsc)) stop("the definition gives other clusters than zsc")
if (!same(select(condense(FALSE)), h$cluster)) stop("dbscan's rule gives other clusters than dbscan")
cat(if (same(h$cluster, zsc)) "same\n" else "other rule\n")
