#include "catalog/history/oid_set.h"

#include "schema/base/alloc.h"

#include <stdlib.h>
#include <string.h>

void oid_set_release(struct oid_set *set)
{
	free(set->slots);
	*set = (struct oid_set)OID_SET_INIT;
}

/* Ids are hashes already. */
static size_t slot_of(const struct oid_set *set, const git_oid *id)
{
	size_t slot;

	memcpy(&slot, id->id, sizeof(slot));
	slot &= set->capacity - 1;
	while (!git_oid_is_zero(&set->slots[slot]) &&
		!git_oid_equal(&set->slots[slot], id))
		slot = (slot + 1) & (set->capacity - 1);
	return slot;
}

static void grow_set(struct oid_set *set)
{
	struct oid_set old = *set;

	set->capacity = old.capacity ? old.capacity * 2 : 256;
	set->slots = own_alloc(set->capacity * sizeof(*set->slots));
	for (size_t i = 0; i < old.capacity; i++)
		if (!git_oid_is_zero(&old.slots[i]))
			set->slots[slot_of(set, &old.slots[i])] = old.slots[i];
	free(old.slots);
}

bool oid_set_add(struct oid_set *set, const git_oid *id)
{
	size_t slot;

	if (set->count * 2 >= set->capacity)
		grow_set(set);
	slot = slot_of(set, id);
	if (!git_oid_is_zero(&set->slots[slot]))
		return false;
	set->slots[slot] = *id;
	set->count++;
	return true;
}

bool oid_set_has(const struct oid_set *set, const git_oid *id)
{
	return set->capacity && !git_oid_is_zero(&set->slots[slot_of(set, id)]);
}
