/**
 * Settings: YAML files in layers, single values set over them, bound to records that refuse unknown
 * keys and bad values with one clear line.
 */
package org.xrv.core.config;
