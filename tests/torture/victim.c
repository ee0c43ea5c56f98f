#include "torture/victim.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

void
victim_start(struct victim *victim, const char *const argv[])
{
	int ends[2];

	if (pipe(ends) != 0 || (victim->pid = fork()) < 0) {
		perror(argv[0]);
		exit(1);
	}
	if (victim->pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		(void)execvp(argv[0], (char *const *)argv);
		perror(argv[0]);
		_exit(127);
	}
	close(ends[1]);
	victim->out = fdopen(ends[0], "r");
	if (victim->out == NULL) {
		perror("fdopen");
		exit(1);
	}
}

bool
victim_line(struct victim *victim, char *line, int size)
{
	if (fgets(line, size, victim->out) == NULL || strchr(line, '\n') == NULL)
		return false; /* a line without its end was cut off by death */
	line[strcspn(line, "\n")] = '\0';
	return true;
}

int
victim_wait(struct victim *victim)
{
	int how = 0;

	(void)waitpid(victim->pid, &how, 0);
	return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

void
victim_kill(struct victim *victim)
{
	(void)kill(victim->pid, SIGKILL);
	(void)victim_wait(victim);
}

void
victim_release(struct victim *victim)
{
	fclose(victim->out);
}
