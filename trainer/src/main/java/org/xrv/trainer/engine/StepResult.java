package org.xrv.trainer.engine;

/**
 * What a step tells.
 *
 * @param loss of the batch before the step: the sum over its elements
 * @param gradientNorm Euclidean norm of the gradient of all parameters, before clipping and without
 *     weight decay
 */
public record StepResult(double loss, double gradientNorm) {}
