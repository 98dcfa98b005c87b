package org.xrv.core.dataset.phantom;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * What a patient is drawn with: findings, how severe each is, and devices.
 *
 * @param severities of the findings present, each in (0, 1]
 * @param devices on or in the patient
 */
public record Condition(Map<Pathology, Double> severities, Set<Device> devices) {
  public Condition {
    EnumMap<Pathology, Double> copy = new EnumMap<>(Pathology.class);
    copy.putAll(severities);
    copy.forEach(
        (finding, severity) -> {
          if (!(severity > 0 && severity <= 1)) {
            throw new IllegalArgumentException(
                "severity of " + finding.target() + " is " + severity + "; it is in (0, 1]");
          }
        });
    severities = Collections.unmodifiableMap(copy);
    EnumSet<Device> set = EnumSet.noneOf(Device.class);
    set.addAll(devices);
    devices = Collections.unmodifiableSet(set);
  }

  /** Some findings, as severe as the patient would have them, and the patient's own devices. */
  public static Condition of(PhantomPatient patient, Set<Pathology> findings) {
    EnumMap<Pathology, Double> severities = new EnumMap<>(Pathology.class);
    for (Pathology finding : findings) {
      severities.put(finding, patient.severity(finding));
    }
    return new Condition(severities, patient.devices());
  }

  /** The findings present. */
  public Set<Pathology> findings() {
    return severities.keySet();
  }

  /** Whether a finding is present. */
  public boolean has(Pathology finding) {
    return severities.containsKey(finding);
  }

  /** The severity of a finding, 0 when it is absent. */
  public double severity(Pathology finding) {
    return severities.getOrDefault(finding, 0.0);
  }

  /** The same with a finding of a severity in (0, 1]. */
  public Condition with(Pathology finding, double severity) {
    EnumMap<Pathology, Double> more = new EnumMap<>(Pathology.class);
    more.putAll(severities);
    more.put(finding, severity);
    return new Condition(more, devices);
  }

  /** The same without a finding. */
  public Condition without(Pathology finding) {
    EnumMap<Pathology, Double> fewer = new EnumMap<>(Pathology.class);
    fewer.putAll(severities);
    fewer.remove(finding);
    return new Condition(fewer, devices);
  }

  /** The same findings with other devices. */
  public Condition withDevices(Set<Device> others) {
    return new Condition(severities, others);
  }
}
