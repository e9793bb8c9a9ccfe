import type { PatientMarks } from "../messaging/records.ts";
import { DEVICE_MS, DEVICES_MAX } from "./limits.ts";
import type { KillSwitches } from "./link-state.ts";
import type { PortalPorts } from "./ports.ts";
import type { RememberedDevice, RememberedDevices } from "./records.ts";
import { openSession, type SessionRequest } from "./standing-session.ts";

/** What ends remembered devices besides their age. */
type DeviceSwitches = Pick<KillSwitches, "marks" | "practiceMark" | "verifier">;

function isMarked({ createdAt }: RememberedDevice, marks: PatientMarks | undefined): boolean {
  if (marks === undefined) return false;
  return (
    marks.erasedAt !== null || (marks.linksRevokedBefore !== null && createdAt <= marks.linksRevokedBefore)
  );
}

/**
 * The devices that may still stand for a code, oldest first: remembered less than 30 days ago, and since
 * the last change of number or date of birth and the last revocation of all links.
 */
export function standingDevices(
  remembered: RememberedDevices | undefined,
  { marks, practiceMark, verifier }: DeviceSwitches,
  at: Date,
): readonly RememberedDevice[] {
  return (remembered?.devices ?? []).filter(
    (device) =>
      at.getTime() - Date.parse(device.createdAt) < DEVICE_MS &&
      verifier !== undefined &&
      device.createdAt >= verifier.since &&
      (practiceMark === undefined || device.createdAt > practiceMark.before) &&
      !isMarked(device, marks),
  );
}

/** The devices with another one: as many as are kept, the oldest gone first. */
export function withDevice(
  devices: readonly RememberedDevice[],
  device: RememberedDevice,
): readonly RememberedDevice[] {
  return [...devices, device].slice(-DEVICES_MAX);
}

/** A wish, in an open session, to forget remembered devices. */
export interface ForgetDevicesRequest extends SessionRequest {
  /** The device's hash; null for all of them. */
  readonly device: string | null;
}

const RACES_MAX = 10;

/**
 * Forgets one device, or all: each needs a code again, and a session that was opened on it ends. The
 * session that asks goes on. A device that is not there is forgotten already. `needs-proof`: the session was
 * opened by the link alone.
 */
export function createForgetDevices(ports: PortalPorts) {
  const { read, journal, portal, now } = ports;

  return async ({
    token,
    cookie,
    device,
    requestId,
  }: ForgetDevicesRequest): Promise<"forgotten" | "needs-proof" | "ended"> => {
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const standing = await openSession(ports, token, cookie);
      if (standing === undefined) return "ended";
      const { session, link, head } = standing;
      if (!session.birthDateProven) return "needs-proof";
      const { patientId } = session;
      const [remembered] = await read(portal.devices(patientId));
      const present = remembered?.devices ?? [];
      const left = present.filter(({ hash }) => device !== null && hash !== device);
      if (left.length === present.length) return "forgotten";
      const ownGoes = session.deviceHash !== null && !left.some(({ hash }) => hash === session.deviceHash);
      const outcome = await journal.commit(
        {
          action: "device.forgotten",
          actor: `patient:${patientId}`,
          role: "patient",
          patientId,
          purpose: link.purpose,
          details: { devices: present.length - left.length, left: left.length },
          requestId,
        },
        [
          portal.setDevices(patientId, remembered, left, now()),
          ...(ownGoes ? [portal.leaveDevice(session.hash)] : []),
        ],
        head,
      );
      if (outcome.kind === "committed") return "forgotten";
    }
    throw new Error("the devices stayed contended; none was forgotten");
  };
}

/** Forgets remembered devices. */
export type ForgetDevices = ReturnType<typeof createForgetDevices>;
