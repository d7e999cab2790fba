import AssayFacts

/// The mandatory access control that a distribution is built around: a kernel starts only one of the two.
enum MandatoryAccessControl: Hashable, Sendable {
    /// SELinux.
    case selinux
    /// AppArmor.
    case appArmor
    /// Neither the distribution nor its files tell.
    case undecided

    /// Distributions that are made for SELinux, and those like them (`ID_LIKE`).
    private static let selinuxFamilies: Set<String> = [
        "azurelinux", "mariner", "fedora", "rhel", "centos", "rocky", "almalinux", "ol", "amzn",
    ]
    /// Distributions that are made for AppArmor.
    private static let appArmorFamilies: Set<String> = ["debian", "ubuntu", "suse", "opensuse", "sles", "sled"]

    /// What `facts` tell.
    ///
    /// The distribution's name decides for the families of SELinux. The others let one choose: an administrator who has
    /// set SELinux up there, and AppArmor not, is judged by SELinux.
    init(_ facts: Facts) {
        let system = facts.operatingSystem
        let names = [system?.id ?? ""] + (system?.idLike ?? [])
        if !MandatoryAccessControl.selinuxFamilies.isDisjoint(with: names) {
            self = .selinux
            return
        }
        let running = facts.live?.securityModules.value ?? []
        if running.contains("selinux") != running.contains("apparmor") {
            self = running.contains("selinux") ? .selinux : .appArmor
            return
        }
        let modules = facts.securityModules
        let hasAppArmor = modules?.appArmorProfiles.isEmpty == false || modules?.appArmorStartsAtBoot == true
        let hasSELinux = modules?.selinuxMode.value != nil
        let isAppArmorFamily = names.contains { name in
            MandatoryAccessControl.appArmorFamilies.contains(name) || name.hasPrefix("opensuse")
        }
        switch (hasAppArmor, hasSELinux) {
        case (true, false): self = .appArmor
        case (false, true): self = .selinux
        default: self = isAppArmorFamily ? .appArmor : .undecided
        }
    }
}
