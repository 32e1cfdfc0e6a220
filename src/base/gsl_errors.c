#include "base/gsl_errors.h"

#include <gsl/gsl_errno.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Thread_local int own; /* scopes of this thread */
static int users;             /* of all threads */
static gsl_error_handler_t *host;

static void before_fork(void) { pthread_mutex_lock(&lock); }
static void in_parent(void) { pthread_mutex_unlock(&lock); }

/* Of the threads, the child has the one that forked. */
static void in_child(void)
{
    if (users > 0 && own == 0) gsl_set_error_handler(host);
    users = own;
    pthread_mutex_unlock(&lock);
}

static void watch_forks(void) { pthread_atfork(before_fork, in_parent, in_child); }

void zsc_gsl_enter(void)
{
    pthread_once(&once, watch_forks);
    pthread_mutex_lock(&lock);
    if (users++ == 0) host = gsl_set_error_handler_off();
    own++;
    pthread_mutex_unlock(&lock);
}

void zsc_gsl_leave(zsc_gsl_scope *scope)
{
    if (!scope->entered) return;
    scope->entered = 0;
    pthread_mutex_lock(&lock);
    own--;
    if (--users == 0) gsl_set_error_handler(host);
    pthread_mutex_unlock(&lock);
}
