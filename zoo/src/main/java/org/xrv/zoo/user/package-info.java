/** What {@code xrv-zoo pull} does, for programs: a model's directory by its name, from wherever. */
package org.xrv.zoo.user;
