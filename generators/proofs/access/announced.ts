/** What one course of events tells another that runs beside it: a value for each key, heard as soon as it is known. */
export interface Announced<Value> {
  tell(key: string, value: Value): void
  /** Null when it ended without telling. */
  hear(key: string): Promise<Value | null>
  end(): void
}

export function announced<Value>(keys: readonly string[]): Announced<Value> {
  const settle = new Map<string, (value: Value | null) => void>()
  const promises = new Map(keys.map((key) => [key, new Promise<Value | null>((resolve) => settle.set(key, resolve))]))
  return {
    tell: (key, value) => settle.get(key)?.(value),
    hear: (key) => promises.get(key) ?? Promise.resolve(null),
    end: () => settle.forEach((resolve) => resolve(null)),
  }
}
