/*
 * The index in the user's cache folder, damaged or hostile: a look-up finds a
 * valid name or nothing.
 */
#include "tests/fuzz/fuzz.h"

#include "catalog/store/domain_cache.h"
#include "schema/bridge/bridge.h"

static const unsigned char tree_id[20] = {1, 2, 3};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_folder();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static const char *const ids[] = {"a", "state-hub", "zz"};
	const struct part content = {(const char *)bytes, length};

	REQUIRE(fuzz_write(".cache/bridge/locate-1-"
			   "0102030000000000000000000000000000000000",
		content));
	for (size_t i = 0; i < COUNT(ids); i++) {
		AUTO(text) domain = TEXT_INIT;

		if (domain_cache_find(
			    tree_id, DOCUMENT_BRIDGE, ids[i], &domain))
			REQUIRE(bridge_name_is_valid(domain.data));
		else
			REQUIRE(!domain.length);
	}
	return 0;
}
