/*
 * The rule health/remote-port: a local health check of this machine's port
 * that has the number of the remote port.
 */
#ifndef CATALOG_HEALTH_PORT_H
#define CATALOG_HEALTH_PORT_H

#include "catalog/resolve/layers.h"

/* As severe as the rule is here; false when that makes it an error. */
bool health_port_report(const struct layers *layers, struct diags *diags);

#endif
