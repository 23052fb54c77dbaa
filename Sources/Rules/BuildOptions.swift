/// Options of a hypervisor's configuration that a rule pack knows of.
public struct BuildOptions: Hashable, Sendable {
    /// Those that change what is analysed, to be shown with a run.
    public var notable: [String] = []
    /// The option without which a guest class's column is missing, by the guest class's name.
    public var byGuest: [String: String] = [:]
}
