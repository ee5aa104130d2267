/*
 * A bridge's private key, looked at before ssh does: what is wrong with it is
 * said now and here, and not later, to nobody who listens.
 */
#ifndef CMD_KEY_FILE_H
#define CMD_KEY_FILE_H

#include "schema/bridge.h"
#include "schema/diag.h"

/* Is it a file that ssh will take? False after an error with the fix. */
bool key_file_check(const struct bridge *bridge, struct diags *diags);

#endif
