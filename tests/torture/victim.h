/* A program to be killed in the middle of its work (kill -9), as a test does it to a server:
 * start it, read the lines it prints or talk to it otherwise, kill it, look at what it left. */
#ifndef TESTS_TORTURE_VICTIM_H
#define TESTS_TORTURE_VICTIM_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

struct victim {
	pid_t pid;
	FILE *out; /* its stdout; what it wrote before its death can be read after it */
};

/* Runs argv[0] (found as execvp does). It dies with the test, should that be killed.
 * Ends the test program when it can't be started. */
void victim_start(struct victim *victim, const char *const argv[]);
/* One line without its end; false when there is no more. Waits for it. */
bool victim_line(struct victim *victim, char *line, int size);
/* SIGKILL, and waits until it is gone. */
void victim_kill(struct victim *victim);
/* Waits until it ends by itself: its exit code, or -1 when it was killed. */
int victim_wait(struct victim *victim);
void victim_release(struct victim *victim); /* closes out */

#endif
