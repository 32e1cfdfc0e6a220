/* Ranks of MPI: the only file that includes mpi.h.
 *
 * Numbers are drawn from a counter in rank 0's memory by MPI_Fetch_and_op, so that no rank is spent on coordination and
 * a rank that is busy is not asked anything but what MPI does by itself (and in zsc_mpi_poll). */
#include "experiment/mpi.h"

#include "base/error.h"
#include "config.h"

#include <stdlib.h>

#ifdef ZSC_HAVE_MPI
#include <mpi.h>

static struct {
    int rank, count;
    bool open, have_window;
    MPI_Win window;
    unsigned long long *counter; /* numbers drawn; what the first rank has said to zsc_mpi_agrees, or 0 */
} ranks = {.count = 1};

/* Variables that Open MPI's mpirun, Slurm's srun and PMIx set for each process they start. */
static bool started_by_launcher(void)
{
    return getenv("OMPI_COMM_WORLD_SIZE") || getenv("PMIX_RANK") || getenv("PMI_RANK");
}

static zsc_status check(int code, const char *what)
{
    return code == MPI_SUCCESS ? ZSC_OK : zsc_fail(ZSC_EINTERNAL, "MPI: %s failed (code %d)", what, code);
}

/* All ranks together. */
static zsc_status open_window(void)
{
    MPI_Aint bytes = ranks.rank == 0 ? (MPI_Aint)(2 * sizeof *ranks.counter) : 0;
    zsc_status status = check(
        MPI_Win_allocate(bytes, sizeof *ranks.counter, MPI_INFO_NULL, MPI_COMM_WORLD, &ranks.counter, &ranks.window),
        "MPI_Win_allocate");
    if (status != ZSC_OK) return status;
    ranks.have_window = true;
    MPI_Win_lock_all(0, ranks.window);
    if (ranks.rank == 0) {
        ranks.counter[0] = ranks.counter[1] = 0;
        MPI_Win_sync(ranks.window);
    }
    return check(MPI_Barrier(MPI_COMM_WORLD), "MPI_Barrier");
}

zsc_status zsc_mpi_start(void)
{
    if (!started_by_launcher()) return ZSC_OK;
    zsc_status status = check(MPI_Init(NULL, NULL), "MPI_Init");
    if (status != ZSC_OK) return status;
    ranks.open = true;
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_rank(MPI_COMM_WORLD, &ranks.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks.count);
    return ranks.count > 1 ? open_window() : ZSC_OK; /* now: later a rank that has failed would be waited for */
}

zsc_status zsc_mpi_next(size_t *number)
{
    unsigned long long one = 1, drawn = 0;
    zsc_status status = check(MPI_Fetch_and_op(&one, &drawn, MPI_UNSIGNED_LONG_LONG, 0, 0, MPI_SUM, ranks.window),
                              "MPI_Fetch_and_op");
    if (status == ZSC_OK) status = check(MPI_Win_flush(0, ranks.window), "MPI_Win_flush");
    *number = (size_t)drawn;
    return status;
}

/* Writes VALUE into rank 0's memory, and returns what was there. MPI_Compare_and_swap crashes in Open MPI 4.1. */
static zsc_status swap(unsigned long long value, unsigned long long *found)
{
    zsc_status status = check(MPI_Fetch_and_op(&value, found, MPI_UNSIGNED_LONG_LONG, 0, 1, MPI_REPLACE, ranks.window),
                              "MPI_Fetch_and_op");
    return status == ZSC_OK ? check(MPI_Win_flush(0, ranks.window), "MPI_Win_flush") : status;
}

zsc_status zsc_mpi_agrees(uint64_t value, bool *agrees)
{
    unsigned long long mine = value ? value : 1, found = 0, again;
    *agrees = true;
    if (ranks.count == 1) return ZSC_OK;
    zsc_status status = swap(mine, &found);
    *agrees = found == 0 || found == mine;
    if (status == ZSC_OK && !*agrees) status = swap(found, &again); /* so that those who come later see the first */
    return status;
}

void zsc_mpi_poll(void)
{
    int flag;
    if (ranks.count > 1) MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &flag, MPI_STATUS_IGNORE);
}

zsc_status zsc_mpi_sum(size_t *values, int count)
{
    enum { MOST = 16 };
    unsigned long long mine[MOST] = {0}, all[MOST] = {0};
    if (ranks.count == 1 || count > MOST) return ZSC_OK;
    for (int i = 0; i < count; i++) mine[i] = values[i];
    zsc_status status = check(MPI_Allreduce(mine, all, count, MPI_UNSIGNED_LONG_LONG, MPI_SUM, MPI_COMM_WORLD),
                              "MPI_Allreduce");
    for (int i = 0; i < count && status == ZSC_OK; i++) values[i] = (size_t)all[i];
    return status;
}

void zsc_mpi_stop(void)
{
    if (!ranks.open) return;
    if (ranks.have_window) {
        MPI_Win_unlock_all(ranks.window);
        MPI_Win_free(&ranks.window);
    }
    MPI_Finalize();
    ranks.open = false;
}

bool zsc_mpi_is_there(void) { return true; }
int zsc_mpi_me(void) { return ranks.rank; }
int zsc_mpi_count(void) { return ranks.count; }

#else
#include <string.h>

#include "base/log.h"

/* Processes of Open MPI's mpirun, or of a launcher that speaks PMI: as many sweeps, none of which knows of the others.
 */
zsc_status zsc_mpi_start(void)
{
    const char *size = getenv("OMPI_COMM_WORLD_SIZE");
    if (!size) size = getenv("PMI_SIZE");
    if (size && strcmp(size, "1") != 0)
        zsc_warn(
            "%s processes were started by MPI, and this zsc was built without it: each carries out the sweep and takes "
            "runs that no other computes; configure --with-mpi, or use --shard",
            size);
    return ZSC_OK;
}
void zsc_mpi_stop(void) {}
bool zsc_mpi_is_there(void) { return false; }
int zsc_mpi_me(void) { return 0; }
int zsc_mpi_count(void) { return 1; }
void zsc_mpi_poll(void) {}

zsc_status zsc_mpi_next(size_t *number)
{
    *number = 0;
    return zsc_fail(ZSC_EINTERNAL, "built without MPI: there are no ranks");
}

zsc_status zsc_mpi_agrees(uint64_t value, bool *agrees)
{
    (void)value;
    *agrees = true;
    return ZSC_OK;
}

zsc_status zsc_mpi_sum(size_t *values, int count)
{
    (void)values, (void)count;
    return ZSC_OK;
}
#endif
