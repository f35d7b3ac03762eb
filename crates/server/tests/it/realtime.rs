//! What a connected person sees and when; what happens to those who are not connected, too slow, or no longer welcome.

mod classroom;
mod frames;
mod many;
mod messages;
mod people;
mod slow;
mod tickets;
