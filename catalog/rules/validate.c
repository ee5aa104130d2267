#include "catalog/rules/validate.h"

#include "catalog/rules/rules.h"
#include "catalog/store/load.h"
#include "catalog/store/severities.h"

bool validate_catalog(struct catalog *catalog, struct diags *diags)
{
	bool good = severities_configure(catalog, diags);

	good &= load_catalog(catalog, diags);
	good &= rules_check(catalog, diags);
	return good;
}
