/** The settings of a run as records; the presets in configs/ are their only defaults. */
package org.xrv.trainer.config;
