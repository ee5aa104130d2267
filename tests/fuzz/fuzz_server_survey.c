/*
 * What a server tells of itself, as `bridge doctor` reads it: whatever it is,
 * what is shown of it is short and harmless.
 */
#include "tests/fuzz/fuzz.h"

#include "cmd/doctor/server_survey.h"
#include "schema/base/alloc.h"

static void check(const char *word)
{
	fuzz_check_word(word, SERVER_SURVEY_MAX_WORD);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	AUTO_FREE char *text = own_strndup((const char *)bytes, length);
	struct server_survey survey;

	server_survey_read(&survey, text);
	check(survey.from);
	check(survey.gateway_ports);
	REQUIRE(survey.count <= SERVER_SURVEY_MAX_HOLDERS);
	for (size_t i = 0; i < survey.count; i++) {
		const struct holder *holder = &survey.holders[i];

		check(holder->address);
		check(holder->program);
		check(holder->peer);
		REQUIRE(*holder->address && holder->pid >= 0);
		REQUIRE(holder->uid >= 0);
		server_survey_is_session(&survey, holder);
		REQUIRE(!server_survey_is_bound(holder, "*") ||
			server_survey_is_in_the_way(holder, "*"));
	}
	REQUIRE(survey.alive_interval >= -1);
	REQUIRE(survey.alive_count_max >= -1);
	return 0;
}
