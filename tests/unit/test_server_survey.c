/* What `bridge doctor` makes of what a server tells of itself. */
#include "cmd/doctor/server_survey.h"
#include "tests/unit/unit.h"

#include <string.h>

static void who_listens_is_known_as_far_as_ss_says(void **state)
{
	struct server_survey survey;

	(void)state;
	server_survey_read(&survey,
		"bridge-uid 1000\nbridge-from 10.0.0.9\nbridge-listeners\n"
		"LISTEN 0 128 127.0.0.1:81 0.0.0.0:* "
		"users:((\"sshd\",pid=12,fd=8)) uid:7 ino:4 <->\n"
		"LISTEN 0 128 [::1]:81 [::]:* uid:1000 ino:5 sk:1 <->\n"
		"LISTEN 0 5 10.0.0.1:81 0.0.0.0:* "
		"users:((\"ng\033inx\",pid=3,fd=5)) ino:4\n"
		"\nLISTEN 0 128\n"
		"bridge-sessions\n"
		"0 0 10.0.0.1:22 10.0.0.9:53098 "
		"users:((\"sshd\",pid=11,fd=4),(\"sshd\",pid=12,fd=4))\n"
		"bridge-settings\n");

	assert_true(survey.ran && survey.listed && !survey.fail2ban);
	assert_int_equal(survey.uid, 1000);
	assert_string_equal(survey.from, "10.0.0.9");
	assert_int_equal(survey.count, 3);
	assert_string_equal(survey.holders[0].address, "127.0.0.1:81");
	assert_string_equal(survey.holders[0].program, "sshd");
	assert_int_equal(survey.holders[0].pid, 12);
	assert_int_equal(survey.holders[0].uid, 7);
	assert_string_equal(survey.holders[0].peer, "10.0.0.9:53098");
	assert_string_equal(survey.holders[1].program, "");
	assert_string_equal(survey.holders[2].program, "ng?inx");
	assert_int_equal(survey.holders[2].uid, 0);
	assert_true(server_survey_is_session(&survey, &survey.holders[0]));
	assert_true(server_survey_is_session(&survey, &survey.holders[1]));
	assert_false(server_survey_is_session(&survey, &survey.holders[2]));
}

static void a_server_that_tells_nothing_has_not_answered(void **state)
{
	struct server_survey survey;

	(void)state;
	server_survey_read(&survey, "This account is not available.\n");
	assert_false(survey.ran || survey.listed);
	server_survey_read(&survey, "bridge-uid 0\nbridge-settings\n");
	assert_true(survey.ran);
	assert_int_equal(survey.alive_interval, -1);
}

static void a_bind_has_some_addresses_in_its_way(void **state)
{
	static const struct {
		const char *address, *bind;
		bool in_the_way;
	} cases[] = {
		{"127.0.0.1:81", "127.0.0.1", true},
		{"127.0.0.1:81", "127.0.0.10", false},
		{"[::1]:81", "127.0.0.1", false},
		{"[::1]:81", "[::1]", true},
		{"[::1]:81", "::1", true},
		{"0.0.0.0:81", "127.0.0.1", true},
		{"*:81", "10.0.0.1", true},
		{"10.0.0.1:81", "*", true},
		{"10.0.0.1:81", "0.0.0.0", true},
		{"[fe80::1%eth0]:81", "[::]", true},
		{"10.0.0.1:81", "localhost", false},
		{"[::1]:81", "localhost", true},
		{"10.0.0.1:81", "inner.example.org", true},
		{"81", "127.0.0.1", false},
		{"[::]:81", "127.0.0.1", false},
		{"0.0.0.0:81", "[::1]", false},
		{"[::1]:81", "0.0.0.0", false},
		{"127.0.0.1:81", "[::]", false},
		{"*:81", "[::1]", true},
		{"[::1]:81", "*", true},
		{"[::ffff:127.0.0.1]:81", "127.0.0.1", true},
		{"127.0.0.53%lo:81", "127.0.0.53", true},
		{"[::1]:81", "0:0:0:0:0:0:0:1", true},
		{"[2001:db8::1]:81", "[2001:DB8::1]", true},
		{"127.0.0.1:81", "127.0.0.01", true},
		{"127.0.0.1:81", "LOCALHOST", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct holder holder = {.pid = 0};

		strcpy(holder.address, cases[i].address);
		if (server_survey_is_in_the_way(&holder, cases[i].bind) !=
			cases[i].in_the_way)
			fail_msg("%s and %s", cases[i].address, cases[i].bind);
	}
}

static void settings_count_only_where_they_are_ours_for_certain(void **state)
{
	static const struct {
		const char *text;
		long interval, count_max;
	} cases[] = {
		{"bridge-effective\nport 22\nclientaliveinterval 15\n", 15, 3},
		{"bridge-file\n", 0, 3},
		{"bridge-file\n# x\n\n  ClientAliveInterval\t=\t7\n", 7, 3},
		{"bridge-file\nclientaliveinterval \"1m30\"\n", 90, 3},
		{"bridge-file\nclientaliveinterval 2H\n", 7200, 3},
		{"bridge-file\n#ClientAliveInterval 15\n", 0, 3},
		{"bridge-file\nclientaliveintervals 1\n", 0, 3},
		{"bridge-file\nclientaliveinterval soon\n", -1, 3},
		{"bridge-file\nclientaliveinterval 99999999999999\n", -1, 3},
		{"bridge-file\nclientaliveinterval 1\nclientaliveinterval 2\n"
		 "clientalivecountmax 0\n",
			1, 0},
		{"bridge-file\nclientaliveinterval 1\nMatch User x\n"
		 "clientaliveinterval 2\n",
			-1, 3},
		{"bridge-file\nMatch User x\nMatch all\n"
		 "clientaliveinterval 2\n",
			-1, 3},
		{"bridge-file\n\"ClientAliveInterval\" 15\n", 15, 3},
		{"bridge-file\nbridge-enter\nMatch User x\nbridge-leave\n"
		 "clientaliveinterval 2\n",
			2, 3},
		{"bridge-file\nMatch User x\nbridge-enter\n"
		 "clientaliveinterval 2\nbridge-leave\n",
			-1, 3},
		{"clientaliveinterval=7\nbridge-file\nclientaliveinterval 9\n",
			7, 3},
		{"clientaliveinterval=7\nbridge-effective\n"
		 "clientaliveinterval 9\n",
			9, 3},
		{"clientaliveinterval=7\nbridge-unreadable\n", -1, -1},
		{"bridge-file\nbridge-unreadable\nclientaliveinterval 7\n", -1,
			-1},
		{"clientaliveinterval 7\n", -1, -1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[256] = "bridge-settings\n";
		struct server_survey survey;

		strcat(text, cases[i].text);
		server_survey_read(&survey, text);
		if (survey.alive_interval != cases[i].interval ||
			survey.alive_count_max != cases[i].count_max)
			fail_msg("%s: %ld, %ld", cases[i].text,
				survey.alive_interval, survey.alive_count_max);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_listens_is_known_as_far_as_ss_says),
		cmocka_unit_test(a_server_that_tells_nothing_has_not_answered),
		cmocka_unit_test(a_bind_has_some_addresses_in_its_way),
		cmocka_unit_test(
			settings_count_only_where_they_are_ours_for_certain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
