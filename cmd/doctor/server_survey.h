/*
 * What a server tells of itself to a login that may run commands: who listens
 * on a port, and what its sshd does about clients that have gone silent. The
 * script is server_survey.sh; what it prints may be anything.
 */
#ifndef CMD_DOCTOR_SERVER_SURVEY_H
#define CMD_DOCTOR_SERVER_SURVEY_H

#include <stdbool.h>
#include <stddef.h>

/* For the standard input of `sh -s PORT`. */
const char *server_survey_script(void);

enum { SERVER_SURVEY_MAX_HOLDERS = 8, SERVER_SURVEY_MAX_WORD = 64 };

/* Who listens, as ss(8) knows it. Texts are printable, "" where unknown. */
struct holder {
	char address[SERVER_SURVEY_MAX_WORD]; /* "127.0.0.1:18081", "[::]:18081"
					       */
	char program[SERVER_SURVEY_MAX_WORD]; /* hidden from all but its owner
					       * and root
					       */
	long pid;                             /* 0 when unknown */
	long uid;
	char peer[SERVER_SURVEY_MAX_WORD]; /* the client of such a session of
					      sshd's */
};

struct server_survey {
	bool ran;                          /* it is a shell that has answered */
	long uid;                          /* of the login */
	char from[SERVER_SURVEY_MAX_WORD]; /* our address, as the server sees it
					    */
	bool listed;                       /* ss is there */
	struct holder holders[SERVER_SURVEY_MAX_HOLDERS];
	size_t count;
	bool fail2ban;
	/* sshd_config(5) of the sshd that serves us; -1: cannot be told. */
	long alive_interval; /* seconds */
	long alive_count_max;
	char gateway_ports[SERVER_SURVEY_MAX_WORD]; /* "": cannot be told */
};

void server_survey_read(struct server_survey *survey, const char *text);

/* False for a name: which address that is the server knows. */
bool server_survey_can_place(const char *bind);

/* Is it where sshd listens with GatewayPorts no, whatever it is asked for? */
bool server_survey_is_loopback(const char *bind);

/* Is it on the address, or on one of those, that a remote_bind asks for? */
bool server_survey_is_bound(const struct holder *holder, const char *bind);

/* Is it in the way of a remote_bind? */
bool server_survey_is_in_the_way(const struct holder *holder, const char *bind);

/* Is it a session of sshd's, as far as can be told? */
bool server_survey_is_session(
	const struct server_survey *survey, const struct holder *holder);

#endif
