/** As written (`18 months`) and in days of 24 hours (month = 30.4375 days). */
export interface Duration {
  text: string
  days: number
}
