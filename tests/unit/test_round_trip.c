/*
 * What a request that has come back looks like. A child stands for ssh: it
 * opens what it is told to.
 */
#include "tests/unit/unit.h"

#include "schema/base/alloc.h"
#include "tunnel/health/round_trip.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REQUEST = 77 }; /* bytes */

static struct {
	pid_t pid;
	int orders;  /* to the child, a letter each */
	int done;    /* one byte back when it is carried out */
	int way_out; /* the child listens there; the abstract address */
	int service; /* listens for it, by TCP */
	unsigned port;
	struct sockaddr_un way;
	int out; /* our connection to the child, or -1 */
} ssh;

static int connect_to_service(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons((in_port_t)ssh.port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
		_exit(2);
	return fd;
}

/* True once its word has come. */
static bool speak(int service, bool reset)
{
	const struct linger linger = {.l_onoff = reset, .l_linger = 0};
	int fd = accept(ssh.service, NULL, NULL);
	char byte = 'x';
	bool fine = fd >= 0 && write(fd, &byte, 1) == 1 &&
		    recv(service, &byte, 1, MSG_PEEK) == 1;

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(fd);
	return fine;
}

/*
 * 'a'ccept the way out, 'c'onnect to the service, 'w'rite a request to it, let
 * the service 's'peak, and 'r'eset the connection then.
 */
static void __attribute__((noreturn)) serve(int orders, int done)
{
	static const char request[REQUEST];
	char order;
	int service = -1;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(orders, &order, 1) == 1) {
		if (order == 'a' && accept(ssh.way_out, NULL, NULL) < 0)
			_exit(3);
		if (order == 'c')
			service = connect_to_service();
		if (order == 'w' && write(service, request, REQUEST) != REQUEST)
			_exit(4);
		if (order == 's' && !speak(service, false))
			_exit(6);
		if (order == 'r' && !speak(service, true))
			_exit(7);
		if (write(done, &order, 1) != 1)
			_exit(5);
	}
	_exit(0);
}

static void tell(const char *orders)
{
	for (; *orders; orders++) {
		char answer;

		assert_int_equal(write(ssh.orders, orders, 1), 1);
		assert_int_equal(read(ssh.done, &answer, 1), 1);
	}
}

static void listen_for_both(void)
{
	struct sockaddr_in any = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(any);

	ssh.service = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(
		bind(ssh.service, (struct sockaddr *)&any, sizeof(any)), 0);
	assert_int_equal(listen(ssh.service, 8), 0);
	getsockname(ssh.service, (struct sockaddr *)&any, &size);
	ssh.port = ntohs(any.sin_port);
	ssh.way = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(ssh.way.sun_path + 1, sizeof(ssh.way.sun_path) - 1,
		"bridge-test-%d", (int)getpid());
	ssh.way_out = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(
		bind(ssh.way_out, (struct sockaddr *)&ssh.way, sizeof(ssh.way)),
		0);
	assert_int_equal(listen(ssh.way_out, 8), 0);
}

static int setup(void **state)
{
	int orders[2];
	int done[2];

	(void)state;
	listen_for_both();
	assert_int_equal(pipe(orders), 0);
	assert_int_equal(pipe(done), 0);
	ssh.pid = fork();
	assert_true(ssh.pid >= 0);
	if (!ssh.pid) {
		close(orders[1]);
		close(done[0]);
		serve(orders[0], done[1]);
	}
	close(orders[0]);
	close(done[1]);
	ssh.orders = orders[1];
	ssh.done = done[0];
	ssh.out = -1;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	close(ssh.orders);
	close(ssh.done);
	waitpid(ssh.pid, NULL, 0);
	close(ssh.service);
	close(ssh.way_out);
	if (ssh.out >= 0)
		close(ssh.out);
	return 0;
}

static void go_out(void)
{
	ssh.out = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(
		connect(ssh.out, (struct sockaddr *)&ssh.way, sizeof(ssh.way)),
		0);
	tell("a");
}

static void a_request_that_comes_back_is_seen(void **state)
{
	AUTO(round_trip) trip = ROUND_TRIP_INIT;

	(void)state;
	tell("c");
	round_trip_prepare(&trip, ssh.pid);
	go_out();
	tell("cw");

	assert_int_equal(
		round_trip_look(&trip, ssh.port, REQUEST), ROUND_TRIP_SEEN);
	assert_int_equal(round_trip_look(&trip, ssh.port, 0), ROUND_TRIP_SEEN);
}

static void one_that_only_goes_out_is_missed(void **state)
{
	AUTO(round_trip) trip = ROUND_TRIP_INIT;

	(void)state;
	tell("cw"); /* somebody else's, before */
	round_trip_prepare(&trip, ssh.pid);
	go_out();

	assert_int_equal(
		round_trip_look(&trip, ssh.port, REQUEST), ROUND_TRIP_MISSED);
}

static void what_another_asks_meanwhile_is_not_taken_for_it(void **state)
{
	AUTO(round_trip) trip = ROUND_TRIP_INIT;

	(void)state;
	round_trip_prepare(&trip, ssh.pid);
	go_out();
	tell("cw");

	assert_int_equal(round_trip_look(&trip, ssh.port, REQUEST + 1),
		ROUND_TRIP_MISSED);
	assert_int_equal(round_trip_look(&trip, ssh.port + 1, REQUEST),
		ROUND_TRIP_MISSED);
}

static void a_service_that_answers_before_it_is_asked_is_seen(void **state)
{
	AUTO(round_trip) trip = ROUND_TRIP_INIT;

	(void)state;
	round_trip_prepare(&trip, ssh.pid);
	go_out();
	tell("c");
	assert_int_equal(
		round_trip_look(&trip, ssh.port, REQUEST), ROUND_TRIP_MISSED);
	tell("s");
	assert_int_equal(
		round_trip_look(&trip, ssh.port, REQUEST), ROUND_TRIP_SEEN);
}

static void a_connection_that_the_service_has_reset_is_seen(void **state)
{
	AUTO(round_trip) trip = ROUND_TRIP_INIT;

	(void)state;
	round_trip_prepare(&trip, ssh.pid);
	go_out();
	tell("cr");
	assert_int_equal(
		round_trip_look(&trip, ssh.port, REQUEST), ROUND_TRIP_SEEN);
}

static void a_process_that_has_nothing_to_do_with_it_says_nothing(void **state)
{
	AUTO(round_trip) trip = ROUND_TRIP_INIT;
	AUTO(round_trip) gone = ROUND_TRIP_INIT;

	(void)state;
	round_trip_prepare(&trip, ssh.pid);
	assert_int_equal(
		round_trip_look(&trip, ssh.port, REQUEST), ROUND_TRIP_UNKNOWN);
	round_trip_prepare(&gone, 0);
	assert_int_equal(
		round_trip_look(&gone, ssh.port, REQUEST), ROUND_TRIP_UNKNOWN);
}

/* As in a container whose system calls are filtered. */
static enum round_trip_verdict look_without_lending(
	const struct round_trip *trip)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pidfd_getfd, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = COUNT(filter), .filter = filter};
	pid_t child = fork();
	int status;

	if (!child) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
			prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
			_exit(9);
		_exit((int)round_trip_look(trip, ssh.port, REQUEST));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return (enum round_trip_verdict)WEXITSTATUS(status);
}

static void where_sockets_are_not_lent_they_are_counted(void **state)
{
	AUTO(round_trip) trip = ROUND_TRIP_INIT;

	(void)state;
	round_trip_prepare(&trip, ssh.pid);
	assert_int_equal(look_without_lending(&trip), ROUND_TRIP_UNKNOWN);
	go_out();
	assert_int_equal(look_without_lending(&trip), ROUND_TRIP_MISSED);
	tell("c");
	assert_int_equal(look_without_lending(&trip), ROUND_TRIP_SEEN);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_request_that_comes_back_is_seen),
		TEST(one_that_only_goes_out_is_missed),
		TEST(what_another_asks_meanwhile_is_not_taken_for_it),
		TEST(a_service_that_answers_before_it_is_asked_is_seen),
		TEST(a_connection_that_the_service_has_reset_is_seen),
		TEST(a_process_that_has_nothing_to_do_with_it_says_nothing),
		TEST(where_sockets_are_not_lent_they_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
